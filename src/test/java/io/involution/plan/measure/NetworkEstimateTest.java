package io.involution.plan.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.data.DataSchema;
import io.involution.model.network.NetworkKind;
import io.involution.plan.Coefficients;
import io.involution.plan.CoefficientsFile;
import io.involution.plan.NetworkCosts;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What networks cost that were measured, and what others are estimated to cost. */
class NetworkEstimateTest {
  private static NetworkEstimate of(NetworkKind kind, Coefficients known) {
    return of(kind, TrainConfig.defaults(), known);
  }

  private static NetworkEstimate of(NetworkKind kind, TrainOptions options, Coefficients known) {
    return NetworkEstimate.of(kind, options, DataSchema.CIFAR10, known);
  }

  @Test
  void theShippedCoefficientsAreOfTheNetworksThatThereAre() {
    for (Coefficients shipped :
        List.of(CoefficientsFile.shipped(false), CoefficientsFile.shipped(true))) {
      for (NetworkKind kind : NetworkKind.values()) {
        if (shipped.networks().containsKey(kind.label())) {
          NetworkEstimate known = of(kind, shipped);
          assertThat(known.costs().network(kind.label()).stateBytes())
              .as(kind.label())
              .isEqualTo(shipped.network(kind.label()).stateBytes());
          assertThat(known.note()).as(kind.label()).isEmpty();
        }
      }
    }
  }

  /** Those for GPUs have no deep networks. */
  @Test
  void everyOtherNetworkOfThisJobIsEstimated() {
    Coefficients shipped = CoefficientsFile.shipped(true);

    for (NetworkKind kind : Arrays.asList(NetworkKind.DEEP_CONVOLUTION, NetworkKind.REDNET)) {
      NetworkEstimate estimate = of(kind, shipped);
      String like = kind == NetworkKind.REDNET ? "involution" : "convolution";
      assertThat(estimate.note().orElseThrow()).contains("from the " + like + " network");
      assertThat(estimate.costs().network(kind.label()).step().each())
          .isGreaterThan(shipped.network(like).step().each());
    }
  }

  /** A network of the same name and another size is not the one that was measured. */
  @Test
  void whatWasMeasuredOfAnotherNetworkOfThatNameDoesNotCount() {
    Coefficients shipped = CoefficientsFile.shipped(false);
    NetworkCosts other = shipped.network("convolution");
    Coefficients known = shipped.with("resnet", other);

    NetworkEstimate estimate = of(NetworkKind.RESNET, known);

    assertThat(estimate.note()).isPresent();
    assertThat(estimate.costs().network("resnet").stateBytes()).isNotEqualTo(other.stateBytes());
  }

  @Test
  void theStateIsWhatTheOptimizerAndItsRuleMakeOfIt() {
    Coefficients shipped = CoefficientsFile.shipped(false);
    NetworkCosts adam = shipped.network("involution");

    NetworkCosts nesterovs = costs(Map.of("optimizer", "nesterovs"), shipped);
    NetworkCosts reset = costs(Map.of("updater-state", "reset"), shipped);
    NetworkCosts local = costs(Map.of("updater-state", "local"), shipped);

    assertThat(nesterovs.stateBytes()).isEqualTo(4L * (13_080 + 13_074));
    assertThat(reset.stateBytes()).isEqualTo(4L * 13_080);
    assertThat(local.stateBytes()).isEqualTo(adam.stateBytes());
    assertThat(reset.step()).isEqualTo(adam.step());
    assertThat(reset.copySeconds())
        .isCloseTo(adam.copySeconds() * 13_080 / (3 * 13_080 - 12), within(1e-9));
  }

  private static NetworkCosts costs(Map<String, Object> options, Coefficients known) {
    return of(NetworkKind.INVOLUTION, TrainConfig.load(options, Optional.empty()), known)
        .costs()
        .network("involution");
  }
}
