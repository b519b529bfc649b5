"""The rival losses as sums over works, NumPy float64, one work, pair or triplet at a time."""

import numpy as np


def unit(vector):
    vector = np.asarray(vector, "float64")
    return vector / np.sqrt(vector @ vector)


def triplet_semi_hard(codes, artists, margin=0.2):
    codes = [unit(code) for code in codes]
    losses = []
    for i, anchor in enumerate(codes):
        for j, positive in enumerate(codes):
            if i == j or artists[i] != artists[j]:
                continue
            near = np.sum((anchor - positive) ** 2)
            away = [
                np.sum((anchor - codes[k]) ** 2)
                for k in range(len(codes))
                if artists[k] != artists[i]
            ]
            if away:
                further = [distance for distance in away if distance > near]
                losses.append(max(0.0, near - (min(further) if further else max(away)) + margin))
    return np.mean(losses) if losses else 0.0


def supervised_contrastive(codes, artists, temperature=0.1):
    codes = [unit(code) for code in codes]
    losses = []
    for i, anchor in enumerate(codes):
        others = [j for j in range(len(codes)) if j != i]
        partners = [j for j in others if artists[j] == artists[i]]
        if partners:
            total = sum(np.exp(anchor @ codes[j] / temperature) for j in others)
            chosen = [np.exp(anchor @ codes[j] / temperature) / total for j in partners]
            losses.append(-np.mean(np.log(chosen)))
    return np.mean(losses) if losses else 0.0


def proxy_anchor(codes, artists, proxies, margin=0.1, scale=32.0):
    pulls, pushes = [], []
    for artist, proxy in enumerate(proxies):
        pull = push = 0.0
        for code, by in zip(codes, artists, strict=True):
            cosine = unit(code) @ unit(proxy)
            if by == artist:
                pull += np.exp(-scale * (cosine - margin))
            else:
                push += np.exp(scale * (cosine + margin))
        if artist in artists:
            pulls.append(np.log1p(pull))
        pushes.append(np.log1p(push))
    return np.mean(pulls) + np.mean(pushes)
