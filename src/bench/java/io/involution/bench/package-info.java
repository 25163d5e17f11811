/**
 * Compares the training step with other libraries' and with the limits of the machine: {@link
 * io.involution.bench.Bench}, {@link io.involution.bench.Scaling}, {@link
 * io.involution.bench.Growth}. Every contender runs in a JVM of its own, started and told what to
 * do by the runner, so that only one of them works at a time. {@link
 * io.involution.bench.Exchanging} compares two ways to average.
 */
package io.involution.bench;
