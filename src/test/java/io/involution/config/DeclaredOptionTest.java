package io.involution.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.ConfigFactory;
import io.involution.config.option.Option;
import io.involution.config.option.Option.Effect;
import io.involution.failure.InputException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Options are what their declarations say, each of them. */
public class DeclaredOptionTest {
  /** A registry of its own, with an option that nothing else knows. */
  public record MadeUp(
      @Option(
              heading = "Made up",
              defaultValue = "3",
              least = 2,
              below = 5,
              help = "A number that is made up.")
          int madeUp,
      @Option(name = "other", defaultValue = "auto", effect = Effect.OUTPUTS, help = "Another.")
          Optional<Double> second) {}

  static List<DeclaredOption> declared() {
    return TrainConfig.OPTIONS;
  }

  private static TrainOptions train(DeclaredOption option, double value) {
    Object number =
        option.type() == double.class || option.type() == Double.class
            ? (Object) value
            : (Object) (int) value;
    // Choices that take numbers, and epochs for all the warm-up there may be.
    Map<String, Object> all = new HashMap<>();
    all.put("outer-step", "nesterov");
    all.put("epochs", 2_000_000);
    all.put("optimizer", "muon");
    boolean warmup = option.name().equals("warmup-epochs");
    all.put("learning-rate-decay", warmup ? "linear" : "triangular");
    all.put(option.name(), number);
    return TrainConfig.load(all, Optional.empty());
  }

  @Test
  void aRecordIsAllThatARegistryNeeds() {
    List<DeclaredOption> options = DeclaredOption.of(MadeUp.class);
    MadeUp values =
        new OptionReader(
                ConfigFactory.parseString("made-up = 4, other = 0.5"), new GivenOptions(Set.of()))
            .read(MadeUp.class);

    assertThat(options).extracting(DeclaredOption::name).containsExactly("made-up", "other");
    assertThat(options).extracting(DeclaredOption::key).containsExactly("made_up", "other");
    assertThat(options).extracting(DeclaredOption::decidesResult).containsExactly(true, false);
    assertThat(options.get(0).bounds()).isEqualTo("2 or more, less than 5");
    assertThat(values).isEqualTo(new MadeUp(4, Optional.of(0.5)));
    assertThat(options.get(1).recorded(values)).isEqualTo(0.5);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                new OptionReader(
                        ConfigFactory.parseString("made-up = 5, other = auto"),
                        new GivenOptions(Set.of()))
                    .read(MadeUp.class))
        .withMessage("--made-up is 5: use 2 or more, less than 5");
  }

  @ParameterizedTest
  @MethodSource("declared")
  void defaultsAreAllowedAndExplained(DeclaredOption option) {
    Option declaration = option.declaration();

    assertThat(option.text(TrainConfig.defaults())).isNotNull();
    assertThat(declaration.help()).endsWith(".").doesNotContain("  ");
    assertThat(option.isOptional())
        .as("%s says what happens where its value is left open", option.name())
        .isEqualTo(!declaration.byDefault().isEmpty() && !option.name().equals("images"));
  }

  @ParameterizedTest
  @MethodSource("declared")
  void boundsHold(DeclaredOption option) {
    Option declaration = option.declaration();
    boolean whole = option.type() == int.class || option.type() == Integer.class;
    double step = whole ? 1 : 1e-6;
    for (double bound : finite(declaration.least(), declaration.most())) {
      train(option, bound);
    }
    for (double bound : finite(declaration.above(), declaration.below())) {
      assertRefused(option, bound);
    }
    // 0 leaves some open.
    finite(declaration.least()).forEach(least -> assertRefused(option, least - 1));
    finite(declaration.most()).forEach(most -> assertRefused(option, most + step));
  }

  private static List<Double> finite(double... bounds) {
    return Arrays.stream(bounds).filter(Double::isFinite).boxed().toList();
  }

  private static void assertRefused(DeclaredOption option, double value) {
    if (value == 0 && option.isOptional() && option.type() == Integer.class) {
      return;
    }
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> train(option, value))
        .withMessageStartingWith("--" + option.name() + " is ")
        .withMessageContaining("use ");
  }
}
