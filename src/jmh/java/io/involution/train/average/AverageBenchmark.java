package io.involution.train.average;

import io.involution.model.state.ModelState;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The driver's average of the convolution network's parameters and Adam's two moments, 957,534
 * numbers a worker: {@code mvn -q -f src/bench/pom.xml process-classes
 * -Dbench.main=org.openjdk.jmh.Main -Dbench.arguments=Average}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AverageBenchmark {
  private static final int PARAMETERS = 319_178;

  /** Workers of the round. */
  @Param({"2", "4", "8"})
  private int workers;

  private List<WeightedMean.Weighted> states;

  /** Makes the states. */
  @Setup
  public void setUp() {
    states = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      SplittableRandom random = new SplittableRandom(worker);
      ModelState state =
          ModelState.of(8, numbers(random, PARAMETERS), numbers(random, 2 * PARAMETERS));
      states.add(new WeightedMean.Weighted(2000 + worker, state));
    }
  }

  private static float[] numbers(SplittableRandom random, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) random.nextDouble();
    }
    return numbers;
  }

  /** The example-weighted mean. */
  @Benchmark
  public ModelState mean() {
    WeightedMean mean = WeightedMean.onAllCores();
    mean.add(states);
    return mean.value();
  }
}
