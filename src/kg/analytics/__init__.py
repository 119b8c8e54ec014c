"""What the landscape's shape tells: who is central, what is alike, what belongs together, what nobody has tried.

A dataset is read once into a :class:`~kg.analytics.landscape.Landscape`. Each measure of :mod:`kg.analytics.measures`
is a function that takes the landscape and returns a :class:`~kg.analytics.table.Measure`, whose rows know the facts
they rest on. A weight counts distinct trials. No measure takes the silence of sources for a "no".
"""
