package io.involution.data.synthetic;

/**
 * The ten figures of the synthetic classes: they differ in shape and in the direction of their
 * lines, not in color, size or position.
 */
enum SyntheticFigure {
  DISC {
    @Override
    float outside(float u, float v) {
      return length(u, v) - 0.9f;
    }
  },
  RING {
    @Override
    float outside(float u, float v) {
      return Math.abs(length(u, v) - 0.75f) - 0.18f;
    }
  },
  SQUARE {
    @Override
    float outside(float u, float v) {
      return box(u, v) - 0.8f;
    }
  },
  FRAME {
    @Override
    float outside(float u, float v) {
      return Math.abs(box(u, v) - 0.68f) - 0.17f;
    }
  },
  TRIANGLE {
    @Override
    float outside(float u, float v) {
      // Three edges around the center, pointing up.
      return Math.max(v, 0.866f * Math.abs(u) - 0.5f * v) - 0.5f;
    }
  },
  PLUS {
    @Override
    float outside(float u, float v) {
      return cross(u, v);
    }
  },
  DIAGONAL_CROSS {
    @Override
    float outside(float u, float v) {
      return cross(DIAGONAL * (u + v), DIAGONAL * (u - v));
    }
  },
  ROWS {
    @Override
    float outside(float u, float v) {
      return Math.max(box(u, v) - 0.85f, wave(v));
    }
  },
  COLUMNS {
    @Override
    float outside(float u, float v) {
      return Math.max(box(u, v) - 0.85f, wave(u));
    }
  },
  CHECKERBOARD {
    @Override
    float outside(float u, float v) {
      // Inside where the two waves have the same sign.
      float across = wave(u);
      float down = wave(v);
      float agree = Math.min(Math.abs(across), Math.abs(down));
      return Math.max(box(u, v) - 0.85f, across * down > 0 ? -agree : agree);
    }
  };

  private static final float DIAGONAL = 0.70710677f;
  private static final float WAVE = 0.6f;

  /**
   * The distance of a point from the figure: negative inside, approximate away from the edge.
   *
   * @param u to the right of the figure's center, in units of its radius
   * @param v below the figure's center, in units of its radius
   */
  abstract float outside(float u, float v);

  private static float length(float u, float v) {
    return (float) Math.sqrt(u * u + v * v);
  }

  private static float box(float u, float v) {
    return Math.max(Math.abs(u), Math.abs(v));
  }

  private static float cross(float u, float v) {
    float upright = Math.max(Math.abs(u) - 0.24f, Math.abs(v) - 0.95f);
    float level = Math.max(Math.abs(u) - 0.95f, Math.abs(v) - 0.24f);
    return Math.min(upright, level);
  }

  /** A triangle wave along one direction: negative on the bars, positive between them. */
  private static float wave(float along) {
    float phase = along / WAVE;
    float folded = phase - (float) Math.floor(phase);
    return (0.25f - Math.abs(folded - 0.5f)) * WAVE;
  }
}
