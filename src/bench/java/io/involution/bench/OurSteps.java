package io.involution.bench;

import io.involution.bench.contender.BenchData;
import io.involution.bench.contender.OurTraining;
import io.involution.model.network.NetworkKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A process that takes training steps of one of this project's networks when {@link DeepSteps} says
 * so: for every number that it reads, so many after one more, and it prints the seconds of one.
 */
public final class OurSteps {
  private OurSteps() {}

  /** Runs it; the arguments are the network, threads, and examples of a minibatch. */
  public static void main(String[] arguments) throws IOException {
    PrintStream replies = System.out;
    System.setOut(System.err);
    NetworkKind kind = BenchNetwork.kindOf(arguments[0]);
    BenchData data = new BenchData(Integer.parseInt(arguments[2]));
    try (OurTraining training = new OurTraining(kind, data, Integer.parseInt(arguments[1]))) {
      training.run(BenchData.BATCHES);
      replies.println("ready " + training.size().trainable());
      BufferedReader orders =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        training.run(1);
        replies.println("seconds " + training.run(Integer.parseInt(order)).seconds());
      }
    }
  }
}
