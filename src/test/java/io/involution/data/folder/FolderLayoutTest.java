package io.involution.data.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderLayoutTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path data;

  private void make(String... folders) throws IOException {
    for (String folder : folders) {
      Files.createDirectories(data.resolve(folder));
    }
  }

  private List<String> classes(boolean split) {
    return FolderLayout.find(data.toString(), Optional.empty(), split, hadoop).classes();
  }

  private ThrowableAssertAlternative<InputException> assertRefused(String place, String testData) {
    return assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> FolderLayout.find(place, Optional.ofNullable(testData), true, hadoop))
        .satisfies(e -> assertThat(e.getMessage()).matches("[^\\n\\r]+"));
  }

  @Test
  void trainIsASubsetAloneOrBesideTest() throws IOException {
    make("train/bus", "train/car", "_temporary", ".cache");
    assertThat(classes(true)).containsExactly("bus", "car");
    make("test/bus", "validation/bus");
    assertThat(classes(false)).containsExactly("bus", "car");
  }

  @Test
  void trainIsASubsetBesideTheTestData() throws IOException {
    make("train/bus", "train/car", "val/bus", "val/car");
    String val = data.resolve("val").toUri().toString();
    assertThat(FolderLayout.find(data.toString(), Optional.of(val), false, hadoop).classes())
        .containsExactly("bus", "car");
    assertRefused(data.toString(), null).withMessageContaining("has a folder train beside others");
  }

  @Test
  void trainIsAClassIfItHasNoClasses() throws IOException {
    make("bus", "car", "train");
    assertThat(classes(true)).containsExactly("bus", "car", "train");
    make("train/electric", "train/steam");
    assertRefused(data.toString(), null)
        .withMessageContaining("--data " + data + " has a folder train beside others")
        .withMessageContaining(data + "/train if the classes are in it, or rename it");
  }

  @Test
  void testIsNoClass() throws IOException {
    make("bus", "test");
    assertRefused(data.toString(), null)
        .withMessageContaining("no folder train: add it, or rename test if it is a class");
  }

  @ParameterizedTest
  @CsvSource({
    "hdfs:photos, a URI needs a slash after hdfs:",
    "'', empty string",
    "http://127.0.0.1:1/photos, UnsupportedOperationException"
  })
  void aPlaceThatHasNoFoldersIsNamed(String place, String why) throws IOException {
    make("bus", "car");
    assertRefused(place, null)
        .withMessageStartingWith("--data " + place + " cannot be read (")
        .withMessageContaining(why);
    assertRefused(data.toString(), place)
        .withMessageStartingWith("--test-data " + place + " cannot be read (")
        .withMessageContaining(why);
  }
}
