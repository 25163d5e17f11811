package io.involution.bench;

import io.involution.bench.contender.ContenderOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
  private final Path log;
  private final Process process;
  private final Writer orders;
  private final BufferedReader replies;

  /**
   * Starts a contender; {@link #awaitReady()} has to follow.
   *
   * @param entrant who, with how many threads
   * @param options what it trains
   * @param folder where its log and its libraries' caches go
   */
  ContenderProcess(Entrant entrant, ContenderOptions options, Path folder) throws IOException {
    Files.createDirectories(folder);
    name = entrant.fileName(options.network());
    log = folder.resolve(name + ".log");
    List<String> command = entrant.contender().command(folder, entrant.threads());
    command.addAll(options.arguments());
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    String threads =
        entrant.contender().setsItsThreads() ? "1" : Integer.toString(entrant.threads());
    builder.environment().put("OMP_NUM_THREADS", threads);
    builder.environment().put("TF_XLA_FLAGS", "--tf_xla_cpu_global_jit");
    process = builder.start();
    orders = process.outputWriter(StandardCharsets.UTF_8);
    replies =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
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
    try {
      orders.write("step " + steps + "\n");
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " has ended, see " + log, e);
    }
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
    try {
      Optional<Reply> reply = Optional.empty();
      while (reply.isEmpty()) {
        String line = replies.readLine();
        if (line == null) {
          throw new IllegalStateException(name + " has ended, see " + log);
        }
        reply = Reply.parse(line);
      }
      return reply.get();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " has ended, see " + log, e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    process.destroy();
  }
}
