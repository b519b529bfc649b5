from prdc import compute_prdc

MEANS = {
    "precision": "precise",
    "recall": "recalled",
    "density": "densities",
    "coverage": "covered",
}


def test_precision_recall_density_and_coverage_are_those_of_their_authors(reference, compare):
    arrays = reference("neighborhoods")
    for neighbors in (1, 5):
        theirs = compute_prdc(arrays["works"], arrays["features"], neighbors)
        for name, part in MEANS.items():
            ours = arrays[f"{neighbors}/{part}"].mean()
            compare(f"{name}, {neighbors} neighbors", "prdc.compute_prdc", ours, theirs[name], 1e-9)
