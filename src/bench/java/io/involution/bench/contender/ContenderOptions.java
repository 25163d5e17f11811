package io.involution.bench.contender;

import io.involution.bench.BenchNetwork;
import java.util.List;

/**
 * What a contender's JVM is started with, as its command line.
 *
 * @param network what it trains
 * @param threads threads it may use
 * @param batch examples of a minibatch
 * @param checkSteps steps over which its loss has to fall, before it is timed
 * @param warmUpSeconds how long it trains after that, still before it is timed: the JIT compiler
 *     needs seconds, not steps
 * @param formulation the way to write the network; empty: the fastest one
 */
public record ContenderOptions(
    BenchNetwork network,
    int threads,
    int batch,
    int checkSteps,
    int warmUpSeconds,
    String formulation) {

  /** Reads {@link #arguments()} back. */
  public static ContenderOptions parse(String... arguments) {
    return new ContenderOptions(
        BenchNetwork.valueOf(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Integer.parseInt(arguments[3]),
        Integer.parseInt(arguments[4]),
        arguments.length > 5 ? arguments[5] : "");
  }

  /** The command line. */
  public List<String> arguments() {
    return List.of(
        network.name(),
        Integer.toString(threads),
        Integer.toString(batch),
        Integer.toString(checkSteps),
        Integer.toString(warmUpSeconds),
        formulation);
  }
}
