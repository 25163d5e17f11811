package io.involution.layers.involution;

/**
 * How the channels of an involution are assigned to its groups; for one group there is no
 * difference.
 */
public enum GroupOrder {
  /** Channel c belongs to group c mod G, as in the reference implementation. */
  INTERLEAVED {
    @Override
    int groupOf(int channel, int channels, int groups) {
      return channel % groups;
    }
  },
  /** Channel c belongs to group c div (C / G), as in the code of Li et al. (CVPR 2021). */
  CONTIGUOUS {
    @Override
    int groupOf(int channel, int channels, int groups) {
      return channel / (channels / groups);
    }
  };

  abstract int groupOf(int channel, int channels, int groups);
}
