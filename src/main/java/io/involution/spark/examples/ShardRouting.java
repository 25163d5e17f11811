package io.involution.spark.examples;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which shards an example goes to, by its key alone. Equal examples on both sides of a border go to
 * both shards, which each take as many of them as they own.
 */
final class ShardRouting implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<Part> parts;

  /**
   * Wraps the parts.
   *
   * @param parts in the order of the examples, without overlap
   */
  ShardRouting(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /** The examples of a shard. */
  static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int shard;
    private final int size;
    private final ExampleKey first;
    private final ExampleKey last;
    private final int before;

    /**
     * Describes a part that is not empty.
     *
     * @param shard its number
     * @param size the number of its examples
     * @param first the key of its first example
     * @param last the key of its last example
     * @param before how many examples with the first key belong to the shards before it
     */
    Part(int shard, int size, ExampleKey first, ExampleKey last, int before) {
      this.shard = shard;
      this.size = size;
      this.first = first;
      this.last = last;
      this.before = before;
    }

    int size() {
      return size;
    }

    int before() {
      return before;
    }
  }

  /** The numbers of the shards that an example goes to. */
  List<Integer> shards(ExampleKey key) {
    int low = 0;
    int high = parts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (parts.get(middle).last.compareTo(key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    List<Integer> shards = new ArrayList<>();
    while (low < parts.size() && parts.get(low).first.compareTo(key) <= 0) {
      shards.add(parts.get(low).shard);
      low++;
    }
    return shards;
  }

  /** A shard's part; null if it is empty. */
  Part part(int shard) {
    return parts.stream().filter(part -> part.shard == shard).findFirst().orElse(null);
  }
}
