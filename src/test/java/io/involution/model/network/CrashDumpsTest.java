package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.util.CrashReportingUtil;
import org.junit.jupiter.api.Test;

class CrashDumpsTest {
  @Test
  void areOffWhereANetworkIsBuilt() {
    NetworkKind kind = NetworkKind.INVOLUTION;
    NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001)));

    assertThat(CrashReportingUtil.isCrashDumpsEnabled()).isFalse();
  }
}
