package io.involution.bench;

import io.involution.bench.contender.ContenderOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runner's side of the protocol: one contender's JVM, which is idle except for the steps that
 * it is told to take.
 */
final class ContenderProcess implements AutoCloseable {
  private final String name;
  private final OrderedProcess process;

  /**
   * Starts a contender; {@link #awaitReady()} has to follow.
   *
   * @param entrant who, with how many threads
   * @param options what it trains
   * @param folder where its log and its libraries' caches go
   */
  ContenderProcess(Entrant entrant, ContenderOptions options, Path folder) throws IOException {
    name = entrant.fileName(options.network());
    List<String> command = entrant.contender().command(folder, entrant.threads());
    command.addAll(options.arguments());
    ProcessBuilder builder = new ProcessBuilder(command);
    String threads =
        entrant.contender().setsItsThreads() ? "1" : Integer.toString(entrant.threads());
    builder.environment().put("OMP_NUM_THREADS", threads);
    builder.environment().put("TF_XLA_FLAGS", "--tf_xla_cpu_global_jit");
    process = new OrderedProcess(name, builder, folder);
  }

  /** Waits until it has chosen its formulation and has shown that its loss falls. */
  Greeting awaitReady() {
    Map<String, Double> formulations = new LinkedHashMap<>();
    Reply reply = next();
    while (reply.is("formulation")) {
      formulations.put(reply.word(0), reply.number(1));
      reply = next();
    }
    if (!reply.is("ready")) {
      throw new IllegalStateException(name + " sent an unexpected reply");
    }
    NetworkSize size = new NetworkSize((long) reply.number(1), (long) reply.number(2));
    return new Greeting(reply.word(0), size, reply.number(3), reply.number(4), formulations);
  }

  /** Lets it take steps and waits for them; returns the mean seconds of one. */
  double step(int steps) {
    order(steps);
    return awaitSeconds();
  }

  /** Lets it take steps; {@link #awaitSeconds()} has to follow. */
  void order(int steps) {
    process.order("step " + steps);
  }

  /** Waits for the ordered steps; returns the mean seconds of one. */
  double awaitSeconds() {
    Reply reply = next();
    if (!reply.is("seconds")) {
      throw new IllegalStateException(name + " sent an unexpected reply");
    }
    return reply.number(0);
  }

  private Reply next() {
    Optional<Reply> reply = Optional.empty();
    while (reply.isEmpty()) {
      reply = Reply.parse(process.line());
    }
    return reply.get();
  }

  /** Ends it. */
  @Override
  public void close() {
    process.close();
  }
}
