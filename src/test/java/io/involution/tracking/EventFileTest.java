package io.involution.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.evaluate.Evaluation;
import io.involution.metrics.EpochRow;
import io.involution.model.state.ModelState;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.train.EpochOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** Reads event files back with TensorFlow's own classes. */
class EventFileTest {
  private static final int MASK = 0xa282ead8;

  private static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC");

  @TempDir private Path folder;

  @Test
  void numbersAndPicturesComeBack() throws IOException {
    byte[] png = {(byte) 0x89, 'P', 'N', 'G'};
    byte[] file =
        new EventFile(1234.5, 7)
            .scalar("accuracy/test", 0.25)
            .scalar("loss/train", null)
            .image("kernels", png, 32, 16)
            .bytes();

    List<Event> events = events(file);

    assertThat(events).hasSize(2);
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(0).getWallTime()).isEqualTo(1234.5);
    Event event = events.get(1);
    assertThat(event.getStep()).isEqualTo(7);
    assertThat(event.getWallTime()).isEqualTo(1234.5);
    assertThat(event.getSummary().getValueCount()).isEqualTo(2);
    assertThat(event.getSummary().getValue(0).getTag()).isEqualTo("accuracy/test");
    assertThat(event.getSummary().getValue(0).getSimpleValue()).isEqualTo(0.25f);
    Summary.Image image = event.getSummary().getValue(1).getImage();
    assertThat(image.getWidth()).isEqualTo(32);
    assertThat(image.getHeight()).isEqualTo(16);
    assertThat(image.getColorspace()).isEqualTo(3);
    assertThat(image.getEncodedImageString().toByteArray()).isEqualTo(png);
  }

  @Test
  void anEpochIsAFileOfItsOwn() throws IOException {
    RunFolder run = RunFolder.take(folder.toString(), Mode.NEW, new Configuration());
    List<String> warnings = new ArrayList<>();
    TensorBoard board = new TensorBoard(run, "involution", warnings::add);

    board.epochEnded(outcome(1));
    board.epochEnded(outcome(2));

    Path files = folder.resolve("tensorboard/involution");
    for (int epoch = 1; epoch <= 2; epoch++) {
      Path file =
          files.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.involution", epoch));
      Event event = events(Files.readAllBytes(file)).get(1);
      assertThat(event.getStep()).isEqualTo(epoch);
      Map<String, Float> values = new LinkedHashMap<>();
      event
          .getSummary()
          .getValueList()
          .forEach(value -> values.put(value.getTag(), value.getSimpleValue()));
      assertThat(values)
          .containsEntry("accuracy/test", 0.75f)
          .containsEntry("loss/test", 0.5f)
          .containsEntry("accuracy/train", 0.5f)
          .containsEntry("loss/train", 1.5f)
          .containsEntry("examples_per_second", 50f)
          .doesNotContainKey("accuracy/validation");
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatOnlySomeEvaluationsTellIsThereToo() {
    EpochRow row =
        new EpochRow("m", 3, 100, 1.5, 0.5, 0.25, 0.75, 4L, null, null, 2, 1, 0.875, 0.375, 0.625);
    Map<String, Double> values = new LinkedHashMap<>();

    EpochMetrics.of(row).forEach((name, value) -> values.put(TensorBoard.tag(name), value));

    assertThat(values)
        .containsEntry("accuracy/test", 0.75)
        .containsEntry("top5_accuracy/test", 0.875)
        .containsEntry("accuracy/plain_test", 0.625)
        .containsEntry("loss/plain_test", 0.375);
  }

  /** TensorBoard reads a folder's files in the order of their names, and never an earlier one. */
  @Test
  void aRunThatGoesOnAddsToTheStepsInOrder() throws IOException {
    List<String> warnings = new ArrayList<>();
    RunFolder first = RunFolder.take(folder.toString(), Mode.NEW, new Configuration());
    TensorBoard before = new TensorBoard(first, "x", warnings::add);
    before.epochEnded(outcome(1));
    before.epochEnded(outcome(2));

    RunFolder second = RunFolder.take(folder.toString(), Mode.RESUME, new Configuration());
    TensorBoard after = new TensorBoard(second, "x", warnings::add);
    // The checkpoint of epoch 2 was not there yet.
    after.epochEnded(outcome(2));
    after.epochEnded(outcome(3));
    after.images(3, Map.of("kernels", PNG));

    List<Long> steps = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (String name : second.list("tensorboard/x")) {
      for (Event event : events(second.read("tensorboard/x/" + name).orElseThrow())) {
        if (event.hasSummary()) {
          steps.add(event.getStep());
          event.getSummary().getValueList().forEach(value -> tags.add(value.getTag()));
        }
      }
    }
    assertThat(steps).containsExactly(1L, 2L, 3L, 3L);
    assertThat(tags).filteredOn("loss/test"::equals).hasSize(3);
    assertThat(tags).endsWith("kernels");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsOneWarning() throws IOException {
    RunFolder run = RunFolder.take(folder.toString(), Mode.NEW, new Configuration());
    Files.writeString(folder.resolve("tensorboard"), "in the way");
    List<String> warnings = new ArrayList<>();
    TensorBoard board = new TensorBoard(run, "involution", warnings::add);

    board.epochEnded(outcome(1));
    board.epochEnded(outcome(2));

    assertThat(warnings).singleElement().asString().startsWith("warning: no event files");
  }

  static EpochOutcome outcome(int epoch) {
    long[][] confusion = new long[10][10];
    confusion[0][0] = 3;
    confusion[1][0] = 1;
    ModelState state =
        new ModelState(
            0, Map.of(ModelState.PARAMETERS, new float[1], ModelState.UPDATER, new float[1]));
    return new EpochOutcome(
        epoch,
        Optional.of(new EpochOutcome.TrainingSums(150, 50)),
        100,
        Optional.of(new Evaluation(2, confusion)),
        Optional.empty(),
        state,
        2,
        1);
  }

  /** Records as TensorFlow defines them: length, checksum, data, checksum. */
  private static List<Event> events(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertThat(unmasked(bytes.getInt())).isEqualTo(checksum(length));
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(data);
      assertThat(unmasked(bytes.getInt())).isEqualTo(checksum(data));
      events.add(Event.parseFrom(data));
    }
    return events;
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  private static int unmasked(int masked) {
    int turned = masked - MASK;
    return turned >>> 17 | turned << 15;
  }
}
