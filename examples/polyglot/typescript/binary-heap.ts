// Priority queue on an implicit binary tree, generic over the queued thing. Decrease-key is
// offered through the handle that `add` returns, so no second lookup table is needed.

type Comparator<P> = (left: P, right: P) => number;

export interface Handle<T, P> {
  readonly item: T;
  readonly priority: P;
}

interface Slot<T, P> extends Handle<T, P> {
  priority: P;
  index: number;
}

export class BinaryHeap<T, P> {
  private readonly tree: Slot<T, P>[] = [];

  constructor(private readonly compare: Comparator<P>) {}

  get isEmpty(): boolean {
    return this.tree.length === 0;
  }

  add(item: T, priority: P): Handle<T, P> {
    const slot: Slot<T, P> = { item, priority, index: this.tree.length };
    this.tree.push(slot);
    this.siftUp(slot);
    return slot;
  }

  takeFirst(): T | undefined {
    const root = this.tree[0];
    const tail = this.tree.pop();
    if (root === undefined || tail === undefined) return undefined;
    if (tail !== root) {
      this.put(tail, 0);
      this.siftDown(tail);
    }
    root.index = -1;
    return root.item;
  }

  decreaseKey(handle: Handle<T, P>, priority: P): void {
    const slot = handle as Slot<T, P>;
    if (this.tree[slot.index] !== slot) throw new Error("the job has left the queue");
    if (this.compare(priority, slot.priority) > 0) throw new RangeError("priority may only decrease");
    slot.priority = priority;
    this.siftUp(slot);
  }

  private put(slot: Slot<T, P>, index: number): void {
    this.tree[index] = slot;
    slot.index = index;
  }

  private siftUp(slot: Slot<T, P>): void {
    let hole = slot.index;
    while (hole > 0) {
      const up = (hole - 1) >>> 1;
      const parent = this.tree[up]!;
      if (this.compare(slot.priority, parent.priority) >= 0) break;
      this.put(parent, hole);
      hole = up;
    }
    this.put(slot, hole);
  }

  private siftDown(slot: Slot<T, P>): void {
    const left = this.tree[2 * slot.index + 1];
    const right = this.tree[2 * slot.index + 2];
    if (!left) return;
    const child = right && this.compare(right.priority, left.priority) < 0 ? right : left;
    if (this.compare(slot.priority, child.priority) <= 0) return;
    const { index } = slot;
    this.put(slot, child.index);
    this.put(child, index);
    this.siftDown(slot);
  }
}

interface PrintJob {
  title: string;
  pages: number;
}

const queue = new BinaryHeap<PrintJob, number>((a, b) => a - b);
queue.add({ title: "payroll", pages: 12 }, 40);
queue.add({ title: "poster", pages: 1 }, 75);
const thesis = queue.add({ title: "thesis", pages: 214 }, 60);
queue.add({ title: "boarding-pass", pages: 2 }, 20);
const recipe = queue.add({ title: "recipe", pages: 3 }, 90);
queue.add({ title: "invoice", pages: 5 }, 35);

queue.decreaseKey(thesis, 10);
queue.decreaseKey(recipe, 30);

let pagesPrinted = 0;
for (let job = queue.takeFirst(); job; job = queue.takeFirst()) {
  pagesPrinted += job.pages;
  console.log(`${job.title} done, ${pagesPrinted} pages so far`);
}
