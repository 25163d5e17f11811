package io.involution.layers.involution;

/** How the channels of an involution are dealt to its groups; the two agree for one group. */
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
