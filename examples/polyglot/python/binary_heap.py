"""Indexed binary heap with decrease-key, scheduling the jobs of a shared printer.

Smaller numbers are more urgent. ``heapq`` cannot change a priority once pushed, hence
the position table that says where in the heap each job currently sits.
"""

JOBS = [
    ("payroll", 40),
    ("poster", 75),
    ("thesis", 60),
    ("boarding-pass", 20),
    ("recipe", 90),
    ("invoice", 35),
]


class BinaryHeap:
    def __init__(self, items=()):
        self._heap = []
        self._position = {}
        for job, priority in items:
            self.push(job, priority)

    def __len__(self):
        return len(self._heap)

    def __contains__(self, job):
        return job in self._position

    def push(self, job, priority):
        if job in self._position:
            raise KeyError(f"{job!r} is already queued")
        self._heap.append((priority, job))
        self._position[job] = len(self._heap) - 1
        self._sift_up(len(self._heap) - 1)

    def pop(self):
        if not self._heap:
            raise IndexError("pop from an empty heap")
        top_priority, top_job = self._heap[0]
        last = self._heap.pop()
        del self._position[top_job]
        if self._heap:
            self._place(0, last)
            self._sift_down(0)
        return top_job, top_priority

    def decrease_key(self, job, priority):
        """Make a queued job more urgent; raising the number is an error."""
        slot = self._position[job]
        if priority > self._heap[slot][0]:
            raise ValueError(f"{job!r} would become less urgent")
        self._heap[slot] = (priority, job)
        self._sift_up(slot)

    def drain(self):
        while self._heap:
            yield self.pop()

    def _place(self, slot, item):
        self._heap[slot] = item
        self._position[item[1]] = slot

    def _sift_up(self, slot):
        item = self._heap[slot]
        while slot and item < self._heap[parent := (slot - 1) // 2]:
            self._place(slot, self._heap[parent])
            slot = parent
        self._place(slot, item)

    def _sift_down(self, slot):
        item = self._heap[slot]
        while (child := 2 * slot + 1) < len(self._heap):
            if child + 1 < len(self._heap) and self._heap[child + 1] < self._heap[child]:
                child += 1
            if item <= self._heap[child]:
                break
            self._place(slot, self._heap[child])
            slot = child
        self._place(slot, item)


if __name__ == "__main__":
    queue = BinaryHeap(JOBS)
    queue.decrease_key("thesis", 10)  # the deadline is in an hour
    queue.decrease_key("recipe", 30)
    for turn, (job, priority) in enumerate(queue.drain(), start=1):
        print(f"{turn}. {job:<14} priority {priority}")
