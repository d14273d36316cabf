import { createRenderings, type Renderings } from './rendering.ts';

/** The entries of one partition. It outlives them while somebody holds it, so that a forgetting reaches who does. */
export interface Shelf {
  readonly partition: string;
  readonly tag: string;
  readonly keys: Set<string>;
  /** What its entries look like in answers. */
  readonly renderings: Renderings;
  /** Which of the partition's generations in the shared cache its entries belong to, where that is known. */
  generation: string | undefined;
  holders: number;
  forgotten: boolean;
}

/** The shelves that hold an entry or are held, by partition and by what a partition is called outside this process. */
export class Shelves {
  readonly #tagOf: (partition: string) => string;
  readonly #byPartition = new Map<string, Shelf>();
  readonly #byTag = new Map<string, Shelf>();

  constructor(tagOf: (partition: string) => string) {
    this.#tagOf = tagOf;
  }

  get(partition: string): Shelf | undefined {
    return this.#byPartition.get(partition);
  }

  tagged(tag: string): Shelf | undefined {
    return this.#byTag.get(tag);
  }

  all(): Iterable<Shelf> {
    return this.#byPartition.values();
  }

  hold(partition: string): Shelf {
    const shelf = this.#byPartition.get(partition) ?? this.#open(partition);
    shelf.holders += 1;
    return shelf;
  }

  release(shelf: Shelf): void {
    shelf.holders -= 1;
    this.dropIfIdle(shelf);
  }

  dropIfIdle(shelf: Shelf): void {
    if (shelf.holders > 0 || shelf.keys.size > 0) return;
    if (this.#byPartition.get(shelf.partition) === shelf) this.drop(shelf);
  }

  drop(shelf: Shelf): void {
    this.#byPartition.delete(shelf.partition);
    this.#byTag.delete(shelf.tag);
  }

  #open(partition: string): Shelf {
    const tag = this.#tagOf(partition);
    const shelf = {
      ...{ partition, tag, generation: undefined },
      ...{ keys: new Set<string>(), renderings: createRenderings() },
      ...{ holders: 0, forgotten: false },
    };
    this.#byPartition.set(partition, shelf);
    this.#byTag.set(tag, shelf);
    return shelf;
  }
}
