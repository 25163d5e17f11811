package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.driver.input.Networks;
import io.involution.model.configuration.NetworkRules;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be trained can be read again. */
class ModelArchiveTest {
  private static final ImageShape IMAGE =
      new ImageShape(ImageShape.MOST_CHANNELS, ImageShape.MOST_SIZE, ImageShape.MOST_SIZE);

  private static long most(String entry) {
    return ModelArchive.MOST_BYTES.get(entry);
  }

  @ParameterizedTest
  @EnumSource(NetworkKind.class)
  void thereIsRoomForThisJobsNetworks(NetworkKind kind) {
    DataSchema schema = new DataSchema(IMAGE, DataSchema.numbered(DataSchema.MOST_CLASSES));
    NetworkBlueprint network = Networks.untrained(kind, InvolutionOptions.REFERENCE, schema);

    long parameters = network.parameters();
    assertThat(parameters).isBetween(1L, (long) NetworkRules.MOST_PARAMETERS);
    assertThat(Float.BYTES * parameters).isLessThan(most(ModelArchive.COEFFICIENTS));
    assertThat((long) network.json().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(most(ModelArchive.CONFIGURATION));
  }

  /** Those of other networks, which may have as many; AMSGrad has the largest state. */
  @Test
  void thereIsRoomForTheMostParametersAndTheirUpdater() {
    long bytes = (long) Float.BYTES * NetworkRules.MOST_PARAMETERS;

    assertThat(most(ModelArchive.COEFFICIENTS)).isGreaterThan(bytes);
    assertThat(most(ModelArchive.UPDATER)).isGreaterThan(3 * bytes);
    assertThat((long) ModelFile.MOST_BYTES)
        .isEqualTo(ModelArchive.MOST_BYTES.values().stream().mapToLong(each -> each).sum());
  }

  @Test
  void thereIsRoomForTheMostClassesOfTheLongestNames() {
    List<String> classes = Collections.nCopies(DataSchema.MOST_CLASSES, "\u732b".repeat(256));
    ModelMetadata metadata =
        new ModelMetadata("net", new DataSchema(IMAGE, classes), Normalization.NONE, "1.0");

    byte[] written = metadata.write();
    assertThat((long) written.length).isLessThan(most(ModelArchive.METADATA));
    assertThat(ModelMetadata.read(written, "m.zip")).isEqualTo(metadata);
  }
}
