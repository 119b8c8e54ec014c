"""What the landscape's shape tells: who is central, what is alike, what belongs together, what nobody has tried.

A dataset is read once into a :class:`~kg.analytics.landscape.Landscape`. Each measure of :mod:`kg.analytics.measures`
is a function of it that gives a :class:`~kg.analytics.table.Measure`, whose rows know the facts that they rest on. A
weight counts distinct trials. What no source reports is not taken for a "no" anywhere.
"""
