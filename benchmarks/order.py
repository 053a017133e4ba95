"""The ordering rule against others: exact totals and the worst prefix over random mixtures.

    python benchmarks/order.py [--mixtures 300] [--sequences 4000]

The mixtures are drawn from Dirichlet distributions of every concentration from nearly equal to nearly one-sided; a
third of them have components of share 0, and a third one of a share of 1e-6.

Rules: glotmix (deficit at i + 1, capped by largest-remainder counts), the same with
neighbours swapped (mix.permute), Megatron (deficit at i, no cap), nanotron
(one epoch by deficit, then shuffled and cut), sampling (independent draws).
"""

import argparse
from fractions import Fraction

import numpy as np

from mixer.planning.order import interleave, permuted, prefix_deviation
from mixer.planning.shares import largest_remainder


def megatron(shares: np.ndarray, total: int) -> np.ndarray:
    """Largest deficit max(i, 1) * share - placed, as BlendedDataset's index builder does."""
    placed = np.zeros(len(shares))
    order = np.empty(total, np.int64)
    for i in range(total):
        order[i] = np.argmax(shares * max(i, 1) - placed)
        placed[order[i]] += 1
    return order


def nanotron(shares: np.ndarray, total: int, random: np.random.Generator) -> np.ndarray:
    """An epoch twice as long as the run, shuffled, cut."""
    return random.permutation(megatron(shares, 2 * total))[:total]


def sampled(shares: np.ndarray, total: int, random: np.random.Generator) -> np.ndarray:
    """Independent draws."""
    return random.choice(len(shares), total, p=shares)


def draw(number: int, components: int, random: np.random.Generator) -> np.ndarray:
    """Shares of mixture `number`, summing to 1."""
    shares = random.dirichlet(np.full(components, 10.0 ** random.uniform(-1.5, 1.5)))
    if number % 3 == 1:
        shares[: components // 2] = 0.0
    if number % 3 == 2:
        shares[0] = 1e-6
    return shares / shares.sum()


def worst_prefix(order: np.ndarray, shares: np.ndarray) -> float:
    """Largest deviation of a component from its share over all prefixes, in sequences."""
    length = np.arange(1, len(order) + 1)
    return max(float(np.abs(np.cumsum(order == c) - length * s).max()) for c, s in enumerate(shares))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mixtures", type=int, default=300)
    parser.add_argument("--sequences", type=int, default=4000)
    parser.add_argument("--components", type=int, default=8)
    arguments = parser.parse_args()
    random = np.random.default_rng(0)
    rows: dict[str, list[tuple[float, float, bool]]] = {}
    for number in range(arguments.mixtures):
        shares = draw(number, arguments.components, random)
        quotas = {str(c): Fraction(float(s)) * arguments.sequences for c, s in enumerate(shares)}
        counts = list(largest_remainder(quotas, arguments.sequences).values())
        targets = list(quotas.values())
        ours = interleave(counts, targets)
        assert prefix_deviation(ours, targets).max() < 2
        orders = {
            "glotmix": ours,
            "swapped": permuted(ours, targets, number),
            "megatron": megatron(shares, arguments.sequences),
            "nanotron": nanotron(shares, arguments.sequences, random),
            "sampling": sampled(shares, arguments.sequences, random),
        }
        for name, order in orders.items():
            placed = np.bincount(order, minlength=len(shares))
            final = float(np.abs(placed - shares * arguments.sequences).max())
            row = (worst_prefix(order, shares), final, placed.tolist() == counts)
            rows.setdefault(name, []).append(row)
    print(f"{'rule':10} {'worst prefix':>13} {'worst final':>12} {'exact totals':>13}")
    for name, found in rows.items():
        prefix, final = max(r[0] for r in found), max(r[1] for r in found)
        print(f"{name:10} {prefix:13.2f} {final:12.2f} {sum(r[2] for r in found):6d} of {len(found)}")


if __name__ == "__main__":
    main()
