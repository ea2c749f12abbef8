"""Families that are drawn as one unit, joined once more from the roster, and read as one afterwards."""


def components(pilot):
    """Sets of families that live together or have a person in common, by merging until nothing merges."""
    ties = [{family, other} for family, other in pilot.homes.items()]
    for key in set(pilot.keys.values()):
        ties.append({pilot.members[member][0] for member, it in pilot.keys.items() if it == key})
    whole = [{family} for family in pilot.offices]
    for tie in ties:
        touched = [it for it in whole if it & tie]
        whole = [it for it in whole if not it & tie] + [set().union(tie, *touched)]
    return whole


def leads(pilot, eligible):
    """family -> the family it is drawn under, for every family that is drawn, the lead itself included."""
    drawn = [it for it in components(pilot) if it & eligible]
    return {family: min(unit & eligible) for unit in drawn for family in unit}


def merge(pilot, lead_of, cut):
    """Rewrites the pilot so that its families are the units drawn; for what is known at the cut."""
    alias = {family: lead for family, lead in lead_of.items() if list(lead_of.values()).count(lead) > 1}
    for key in set(pilot.keys.values()):
        same = sorted(member for member, it in pilot.keys.items() if it == key and pilot.members[member][0] in alias)
        if len(same) > 1:
            alias |= dict.fromkeys(same, same[0])
    pilot.members = {member: (alias.get(family, family), role, born) for member, (family, role, born) in pilot.members.items()
                     if alias.get(member, member) == member}
    told = {}
    for (kind, unit, *key), versions in pilot.snapshots.items():
        if before := [it for it in versions if it.recorded <= cut]:
            target = alias.get(unit, unit)
            told.setdefault((kind, target, *key), []).append((before[-1].status == "TILBAKEKALT", unit != target, unit, versions))
    pilot.snapshots = {key: min(found, key=lambda it: it[:3])[3] for key, found in told.items()}
    months = {}
    for (family, *key), amounts in pilot.monthly.items():
        months.setdefault((alias.get(family, family), *key), []).append(amounts)
    size = {lead: max(1, list(alias.values()).count(lead)) for lead in alias.values()}
    pilot.monthly = {key: tuple(None if None in column else sum(column) for column in zip(*found))
                     for key, found in months.items() if len(found) == size.get(key[0], 1)}
