package io.involution.plan.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.DataSchema;
import io.involution.model.network.NetworkKind;
import io.involution.plan.Coefficients;
import io.involution.plan.CoefficientsFile;
import io.involution.plan.NetworkCosts;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What networks cost that were measured, and what others are estimated to cost. */
class NetworkEstimateTest {
  private static NetworkEstimate of(NetworkKind kind, Coefficients known) {
    return NetworkEstimate.of(kind, DataSchema.CIFAR10, known);
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
}
