package io.involution.data;

/** Checks that a range lies within a data set. */
public final class ShardBounds {
  private ShardBounds() {}

  public static void check(ExampleSource source, Subset subset, ShardRange range) {
    if (range.to() > source.size(subset)) {
      throw new IllegalArgumentException(
          "%s to %d of %d examples".formatted(range, range.to(), source.size(subset)));
    }
  }
}
