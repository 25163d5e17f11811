package io.involution.layers.norm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Where each parameter of a BatchNorm starts in the layer's part of the parameter vector: gamma
 * [C], if there is one, beta [C], running mean [C], running variance [C].
 *
 * @param channels C
 * @param scaled whether there is a gamma
 */
public record NormOffsets(int channels, boolean scaled) {
  /** Scale [1, C]. */
  public static final String GAMMA = "gamma";

  /** Shift [1, C]. */
  public static final String BETA = "beta";

  /** Running mean [1, C]; not trained. */
  public static final String MEAN = "mean";

  /** Running biased variance [1, C]; not trained. */
  public static final String VARIANCE = "var";

  /** The keys, in the order of the vector. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>(List.of(GAMMA, BETA, MEAN, VARIANCE));
    if (!scaled) {
      keys.remove(GAMMA);
    }
    return keys;
  }

  int gamma() {
    return 0;
  }

  int beta() {
    return scaled ? channels : 0;
  }

  int mean() {
    return beta() + channels;
  }

  int variance() {
    return mean() + channels;
  }

  /** Number of all entries. */
  public int length() {
    return variance() + channels;
  }

  /** Each parameter as a view of the layer's vector, a row. */
  public Map<String, INDArray> views(INDArray vector) {
    INDArray flat = vector.reshape(vector.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    int from = 0;
    for (String key : keys()) {
      INDArray row = flat.get(NDArrayIndex.interval(from, from + channels));
      views.put(key, row.reshape('c', 1, channels));
      from += channels;
    }
    return views;
  }
}
