package io.involution;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.typesafe.config.ConfigFactory;
import io.involution.cli.Main;
import io.involution.compute.NativeFolders;
import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.config.hocon.HoconFile;
import io.involution.device.HostCommand;
import io.involution.evaluate.Evaluation;
import io.involution.failure.InputException;
import io.involution.failure.PlainText;
import io.involution.files.LimitedHttp;
import io.involution.metrics.Durations;
import io.involution.model.ModelMetadata;
import io.involution.model.network.NetworkKind;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.TextTable;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerSeconds;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Round;
import java.io.File;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.RandomAccessFile;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.serde.binary.BinarySerde;
import picocli.CommandLine;

/** Which way data flows between the packages, and what no class does. */
class ArchitectureTest {
  private static final JavaClasses JOB =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.involution");

  /** From top to bottom: a package uses only its own sub-packages and what stands below it. */
  private static final List<String> ROOMS =
      List.of(
          "cli",
          "api",
          "ml",
          "doctor",
          "plan",
          "driver",
          "experiment",
          "tracking",
          "report",
          "spark",
          "monitoring",
          "metrics",
          "run",
          "cuda",
          "train",
          "evaluate",
          "model",
          "layers",
          "optimizer",
          "data",
          "files",
          "device",
          "compute",
          "config",
          "failure");

  private static final String JAVA_WRITES =
      "write.*|new(OutputStream|BufferedWriter|ByteChannel)|copy|move|renameTo|mkdirs?|create.*"
          + "|delete.*|set[A-Z].*";

  private static final String HADOOP_WRITES =
      "create.*|append.*|rename|delete.*|mkdirs|primitive.*|concat|truncate|copyFrom.*"
          + "|moveFrom.*|set[A-Z].*";

  private static final int MOST_FILES = 30;
  private static final double MEDIAN_FILES = 9;

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.involution.(**)").should().beFreeOfCycles().check(JOB);
  }

  @Test
  void noArrowGoesUpwards() {
    List<String> upwards =
        JOB.stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(use -> isOurs(use.getTargetClass()))
            .filter(use -> floor(use.getOriginClass()) > floor(use.getTargetClass()))
            .map(Dependency::getDescription)
            .toList();

    assertThat(upwards).isEmpty();
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("io.involution.");
  }

  private static int floor(JavaClass type) {
    String room = type.getPackageName().split("\\.", -1)[2];
    assertThat(ROOMS).as("the place of package " + room).contains(room);
    return ROOMS.indexOf(room);
  }

  /** What is public in a sub-package only for its neighbors' sake stays among them. */
  @ParameterizedTest
  @CsvSource({
    "layers.*.., layers.. cuda.layer..",
    "report.chart.., report..",
    "data.cifar10.. data.synthetic.., data.. driver.input.. plan.measure..",
    "train.average.., train.. spark.. plan.measure..",
    "spark.exchange.., spark.. plan.measure..",
    "driver.*.., driver.. cli.. api.. ml.. doctor.. plan.measure..",
    "plan.measure.., plan.measure.. cli.."
  })
  void subPackagesAreUsedByTheirNeighborsOnly(String fenced, String neighbors) {
    classes()
        .that()
        .resideInAnyPackage(packages(fenced))
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAnyPackage(packages(neighbors))
        .check(JOB);
  }

  private static String[] packages(String names) {
    return Arrays.stream(names.split(" ", -1)).map("io.involution."::concat).toArray(String[]::new);
  }

  @Test
  void aPackageIsSmallEnoughToFindOnesWayInIt() throws IOException {
    Map<Path, Long> files = filesByPackage();

    assertThat(files.values())
        .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(MOST_FILES));
    List<Long> sorted = files.values().stream().sorted().toList();
    assertThat((double) sorted.get(sorted.size() / 2)).isLessThanOrEqualTo(MEDIAN_FILES);
    assertThat(files.keySet())
        .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
  }

  private static Map<Path, Long> filesByPackage() throws IOException {
    try (Stream<Path> paths = Files.walk(Path.of("src/main/java"))) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !path.endsWith("package-info.java"))
          .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    }
  }

  @Test
  void onlyTheClusterRoomsKnowSpark() {
    Stream<String> below = ROOMS.subList(ROOMS.indexOf("monitoring") + 1, ROOMS.size()).stream();
    noClasses()
        .that()
        .resideInAnyPackage(
            below.map(room -> "io.involution." + room + "..").toArray(String[]::new))
        .or()
        .resideInAnyPackage(
            "io.involution.plan", "io.involution.tracking..", "io.involution.report..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "io.involution.spark..")
        .check(JOB);
  }

  @Test
  void reportReadsOnlyWhatARunHasWritten() {
    classes()
        .that()
        .resideInAPackage("io.involution.report..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java..",
                    "javax.imageio..",
                    "javax.xml..",
                    "org.w3c.dom..",
                    "org.jfree..",
                    "org.apache.batik..",
                    "com.fasterxml.jackson..",
                    "io.involution.report..",
                    "io.involution.metrics..",
                    "io.involution.evaluate.artifact..")
                .or(assignableTo(InputException.class))
                .or(assignableTo(PlainText.class))
                .or(assignableTo(DeclaredOption.class))
                .or(assignableTo(TrainConfig.class))
                .or(assignableTo(RunFolder.class))
                .or(assignableTo(NetworkSummary.class))
                .or(assignableTo(NetworkSummary.LayerRow.class))
                .or(assignableTo(NetworkKind.class))
                .or(assignableTo(ModelMetadata.class))
                .or(assignableTo(RoundSeconds.class))
                .or(assignableTo(WorkerSeconds.class))
                .or(assignableTo(Evaluation.class)))
        .check(JOB);
  }

  @Test
  void planIsArithmetic() {
    classes()
        .that()
        .resideInAPackage("io.involution.plan")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java..",
                    "com.typesafe.config..",
                    "io.involution.plan",
                    "io.involution.config..",
                    "io.involution.failure..")
                .or(belongToAnyOf(TextTable.class, Durations.class, EpochPlan.class, Round.class)))
        .check(JOB);
  }

  @Test
  void onePlaceMakesTheSparkContext() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(ClusterSession.class)
        .should()
        .callConstructorWhere(
            JavaAccess.Predicates.target(
                owner(assignableTo(SparkContext.class).or(assignableTo(JavaSparkContext.class)))))
        .check(JOB);
  }

  /** Elsewhere nobody asks whether Jackson has made null of the word null. */
  @Test
  void recordsAreReadFromJsonInOnePlace() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.(Json|CheckpointMarker)")
        .should()
        .callMethodWhere(
            JavaAccess.Predicates.target(owner(assignableTo(ObjectMapper.class)))
                .and(
                    JavaAccess.Predicates.target(
                        HasName.Predicates.nameMatching("readValue|treeToValue"))))
        .check(JOB);
  }

  @Test
  void nothingIsReadByJavaDeserialization() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class).check(JOB);
  }

  /** Hadoop's constructors read a name with a colon as a URI: UserPath does not. */
  /** What a user's settings may refer to is decided in one place. */
  @Test
  void settingsAreParsedInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(HoconFile.class.getName())
        .should()
        .callMethodWhere(
            JavaAccess.Predicates.target(owner(assignableTo(ConfigFactory.class)))
                .and(
                    JavaAccess.Predicates.target(
                        HasName.Predicates.nameMatching(
                            "load.*|parse(String|Reader|File|URL|Any.*|Application.*)|system.*"))))
        .check(JOB);
  }

  /** Hadoop's settings come from Spark, which adds those of spark-submit. */
  @Test
  void hadoopSettingsAreThoseOfSparkSubmit() {
    noClasses().should().callConstructor(Configuration.class).check(JOB);
  }

  @Test
  void pathsAreMadeFromTextInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.involution.files")
        .should()
        .callConstructorWhere(
            JavaAccess.Predicates.target(owner(assignableTo(org.apache.hadoop.fs.Path.class))))
        .check(JOB);
  }

  /** Java's and Hadoop's ways to write and delete: only DurableFiles knows what lasts. */
  @Test
  void onePlaceWritesFiles() {
    DescribedPredicate<JavaClass> java =
        assignableTo(java.nio.file.Files.class)
            .or(assignableTo(FileChannel.class))
            .or(assignableTo(File.class));
    noClasses()
        .that()
        .resideOutsideOfPackage("io.involution.files")
        .and()
        .doNotBelongToAnyOf(HostCommand.class, NativeFolders.class)
        .and()
        .haveNameNotMatching("io\\.involution\\.driver\\.process\\.LogFile")
        .should()
        .callMethodWhere(
            calls(java, JAVA_WRITES).or(calls(assignableTo(FileSystem.class), HADOOP_WRITES)))
        .orShould()
        .callConstructorWhere(
            JavaAccess.Predicates.target(
                owner(
                    assignableTo(FileOutputStream.class)
                        .or(assignableTo(FileWriter.class))
                        .or(assignableTo(RandomAccessFile.class)))))
        .orShould()
        .dependOnClassesThat(assignableTo(FileContext.class).or(assignableTo(FileUtil.class)))
        .check(JOB);
  }

  /** A file may be of any size: WholeFile knows how much fits. */
  @Test
  void onePlaceReadsFilesWhole() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.involution.files", "io.involution.data.cifar10")
        .should()
        .callMethodWhere(
            calls(assignableTo(FileSystem.class), "open(File)?")
                .or(calls(assignableTo(FSDataInputStream.class), ".*")))
        .check(JOB);
  }

  private static DescribedPredicate<JavaAccess<?>> calls(
      DescribedPredicate<JavaClass> type, String methods) {
    return JavaAccess.Predicates.target(owner(type))
        .and(JavaAccess.Predicates.target(nameMatching(methods)));
  }

  /** Their readers crash the JVM, or deserialize, when a file says so. */
  @Test
  void noFileIsReadByTheReadersOfNd4jAndDl4j() {
    noClasses()
        .should()
        .callMethodWhere(
            JavaAccess.Predicates.target(
                    owner(
                        assignableTo(ModelSerializer.class)
                            .or(assignableTo(Nd4j.class))
                            .or(assignableTo(DataBuffer.class))
                            .or(assignableTo(BinarySerde.class))))
                .and(
                    JavaAccess.Predicates.target(
                        nameMatching("(?i)read.*|restore.*|load.*|fromByteArray|.*npy.*"))))
        .orShould()
        .callMethod(ComputationGraph.class, "load", File.class, boolean.class)
        .check(JOB);
  }

  /** Theirs is the terminal itself, for the styles of the help. */
  @Test
  void commandsPrintToTheStreamThatHoldsBackControlCharacters() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Main.class.getName())
        .should()
        .callMethodWhere(
            JavaAccess.Predicates.target(owner(assignableTo(CommandLine.class)))
                .and(JavaAccess.Predicates.target(nameMatching("getOut|getErr|out|err"))))
        .check(JOB);
  }

  /** Parsers with known weaknesses that come with ND4J; the page on security judges by this. */
  @Test
  void nothingIsReadAsYamlOrXmlAndNothingUsesNd4jsGuava() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.yaml..",
            "org.xml..",
            "javax.xml.stream..",
            "org.nd4j.shade.yaml..",
            "org.nd4j.shade.snakeyaml..",
            "org.nd4j.shade.wstx..",
            "org.nd4j.shade.stax2..",
            "org.nd4j.shade.guava..")
        .orShould()
        .callMethodWhere(
            JavaAccess.Predicates.target(owner(assignableTo(DocumentBuilder.class)))
                .and(JavaAccess.Predicates.target(nameMatching("parse"))))
        .check(JOB);
  }

  /** Messages of strangers are read by none of its parsers. */
  @Test
  void protocolBuffersAreOnlyWritten() {
    noClasses()
        .should()
        .callMethodWhere(
            JavaAccess.Predicates.target(owner(resideInAPackage("org.nd4j.shade.protobuf..")))
                .and(JavaAccess.Predicates.target(nameMatching("(parse|merge|read).*"))))
        .check(JOB);
  }

  /** DL4J's own close collects the whole heap's garbage, twice. */
  @Test
  void networksAreClosedInOnePlace() {
    noClasses()
        .should()
        .callMethod(ComputationGraph.class, "close")
        .orShould()
        .callMethod(MemoryWorkspaceManager.class, "destroyAllWorkspacesForCurrentThread")
        .because("GraphState.close frees a network at once")
        .check(JOB);
  }

  @Test
  void onePlaceListensToWebServers() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(LimitedHttp.class.getName())
        .should()
        .callMethodWhere(
            JavaAccess.Predicates.target(
                owner(assignableTo(HttpClient.class).or(assignableTo(HttpURLConnection.class)))))
        .because("every answer is limited in size and time")
        .check(JOB);
  }

  @Test
  void noClassIsNamedAfterHavingNoPlace() {
    noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Managers?)(\\$.*)?").check(JOB);
  }
}
