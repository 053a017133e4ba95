/**
 * A binary min-heap with decrease-key, used as the queue of an office printer.
 * The job objects themselves carry their index in the heap array.
 */

const parentOf = (i) => (i - 1) >> 1;

export class BinaryHeap {
  #jobs = [];
  #byName = new Map();

  static from(pairs) {
    const heap = new BinaryHeap();
    for (const [name, priority] of Object.entries(pairs)) heap.push(name, priority);
    return heap;
  }

  get length() {
    return this.#jobs.length;
  }

  push(name, priority) {
    if (this.#byName.has(name)) throw new Error(`job "${name}" is queued already`);
    const job = { name, priority, index: this.#jobs.length };
    this.#byName.set(name, job);
    this.#jobs.push(job);
    this.#rise(job);
  }

  pop() {
    const first = this.#jobs[0];
    if (!first) return undefined;
    const last = this.#jobs.pop();
    if (last !== first) {
      this.#settle(last, 0);
      this.#sink(last);
    }
    this.#byName.delete(first.name);
    return { name: first.name, priority: first.priority };
  }

  decreaseKey(name, priority) {
    const job = this.#byName.get(name);
    if (!job) throw new Error(`no job called "${name}"`);
    if (priority > job.priority) {
      throw new RangeError(`"${name}": ${priority} is less urgent than ${job.priority}`);
    }
    job.priority = priority;
    this.#rise(job);
  }

  *[Symbol.iterator]() {
    while (this.length > 0) yield this.pop();
  }

  #settle(job, index) {
    this.#jobs[index] = job;
    job.index = index;
  }

  #rise(job) {
    while (job.index > 0) {
      const parent = this.#jobs[parentOf(job.index)];
      if (parent.priority <= job.priority) return;
      this.#exchange(job, parent);
    }
  }

  #sink(job) {
    for (;;) {
      const children = this.#jobs.slice(2 * job.index + 1, 2 * job.index + 3);
      if (children.length === 0) return;
      const smaller = children.reduce((a, b) => (b.priority < a.priority ? b : a));
      if (job.priority <= smaller.priority) return;
      this.#exchange(job, smaller);
    }
  }

  #exchange(a, b) {
    const { index } = a;
    this.#settle(a, b.index);
    this.#settle(b, index);
  }
}

const printer = BinaryHeap.from({
  payroll: 40,
  poster: 75,
  thesis: 60,
  "boarding-pass": 20,
  recipe: 90,
  invoice: 35,
});

printer.decreaseKey("thesis", 10);
printer.decreaseKey("recipe", 30);
for (const { name, priority } of printer) {
  console.log(`${String(priority).padStart(3)}  ${name}`);
}
