package io.involution.spark.classify;

import java.util.List;

/**
 * A row of the output.
 *
 * @param key what names the image: a path, or the key column's value
 * @param probabilities of the classes; null if the image cannot be read
 * @param error why it cannot be read; null if it can
 * @param kernels statistics of the heat maps; empty unless they are asked for
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Classified(
    String key, float[] probabilities, String error, List<KernelStatistics> kernels) {}
