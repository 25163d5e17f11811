package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real spark-submit against an API server: the pods that driver and executors would run in. The
 * scripts lie in a folder with a space in its name.
 */
class SubmitK8sIT {
  private static final String NAMESPACE = "involution";

  /** Spark itself need not wait half a minute for executors that no node will ever run. */
  private static final String ANNOTATION = "spark.kubernetes.driver.annotation.prometheus.io/";

  private static final String NO_EXECUTORS = "spark.scheduler.maxRegisteredResourcesWaitingTime=1s";

  private static final Path JOB_JAR =
      Path.of(System.getProperty("job.jar", "target/involution-spark.jar"));

  @TempDir private Path temporary;
  private ApiServer api;
  private Project project;
  private String sparkHome;

  @BeforeEach
  void startServer() throws Exception {
    api = new ApiServer();
    project = Project.copyTo(temporary.resolve("a project"));
    sparkHome = Project.real().submit("spark-home").run().out().strip();
  }

  @AfterEach
  void stopServer() {
    api.close();
  }

  @Test
  void clusterModeMakesTheDriversPodAndTellsItHowToMakeExecutors() throws Exception {
    List<String> words = options("cluster", "registry.example/involution-spark:1");
    words.addAll(List.of("--gpus-per-executor", "1", "--metrics"));
    for (String setting : List.of("scrape=true", "port=9404")) {
      words.addAll(List.of("--conf", ANNOTATION + setting));
    }
    for (String role : List.of("driver", "executor")) {
      String volume = "spark.kubernetes." + role + ".volumes.persistentVolumeClaim.involution.";
      words.addAll(List.of("--conf", volume + "options.claimName=involution"));
      words.addAll(List.of("--conf", volume + "mount.path=/involution"));
    }
    words.addAll(List.of("train", "--out", "file:///involution/runs/a $(SLOT)", "--resume"));
    File err = temporary.resolve("err").toFile();
    Process submission = command(words).start(temporary.resolve("out").toFile(), err);
    Pod driver = awaitDriver(submission);
    end(driver, "Succeeded");
    assertThat(submission.waitFor()).as(Command.text(err)).isZero();
    assertThat(project.mavenCalls()).as("the image has the job jar").isEmpty();
    assertDriver(driver);
    assertDriversSettings();
    String killed = NAMESPACE + ":" + driver.getMetadata().getName();
    Command.Result kill =
        command(List.of("--master=k8s://" + api.url(), "--kill", killed + "*")).run();
    assertThat(kill.exitCode()).as(kill.err()).isZero();
    assertThat(pods("driver")).isEmpty();
    assertThat(api.otherRequests()).isEmpty();
    assertThat(rightsGranted("involution-submitter"))
        .containsExactlyInAnyOrderElementsOf(api.rightsNeeded());
  }

  @Test
  void clusterModesDriverNeedsNoMoreThanItsRights() throws Exception {
    List<String> words = options("cluster", "registry.example/involution-spark:1");
    words.addAll(List.of("--conf", "spark.kubernetes.submission.waitAppCompletion=false"));
    words.addAll(List.of("--job-jar", "local://" + JOB_JAR.toAbsolutePath(), "train"));
    words.addAll(List.of("--out", "file:///runs"));
    Command.Result submission = command(words).run();
    assertThat(submission.exitCode()).as(submission.err()).isZero();
    Pod pod = ready(pods("driver").get(0));
    api.client().pods().inNamespace(NAMESPACE).resource(pod).updateStatus();
    api.forgetRequests();

    Command.Result driver = asItsPodRunsIt(onlyConfigMap("spark.properties")).run();

    assertThat(driver.err()).contains("0 task slots after 1 s").doesNotContain("Exception");
    assertThat(driver.exitCode()).isEqualTo(2);
    assertThat(api.client().services().inNamespace(NAMESPACE).list().getItems())
        .as("the service that the submission made")
        .isEmpty();
    assertThat(api.otherRequests()).isEmpty();
    assertThat(rightsGranted("involution-driver")).containsAll(api.rightsNeeded());
    assertThat(api.rightsNeeded()).contains("services list", "services delete");
  }

  /** The driver, with the settings that the submission left in Kubernetes; only places differ. */
  private Command asItsPodRunsIt(String properties) throws IOException {
    Path file = Files.writeString(temporary.resolve("spark.properties"), properties);
    String[] places = {
      "spark.kubernetes.driver.master=" + api.url(),
      "spark.driver.host=localhost",
      "spark.driver.bindAddress=127.0.0.1",
      NO_EXECUTORS,
      "spark.kubernetes.executor.podTemplateFile="
          + project.folder().resolve("conf/k8s/executor-pod.yaml").toUri(),
      "spark.driver.defaultJavaOptions=-Dlog4j2.configurationFile="
          + Path.of("conf/log4j2.properties").toUri()
    };
    List<String> words = new ArrayList<>(List.of("--properties-file", file.toString()));
    words.addAll(List.of("--deploy-mode", "client", "--class", "io.involution.cli.Main"));
    for (String place : places) {
      words.addAll(List.of("--conf", place));
    }
    words.addAll(List.of(JOB_JAR.toAbsolutePath().toString(), "train", "--workers", "2"));
    words.addAll(List.of("--wait-for-slots", "1", "--data", "synthetic"));
    words.addAll(List.of("--out", temporary.resolve("run").toString()));
    return Command.of(
            temporary, Path.of(sparkHome, "bin/spark-submit"), words.toArray(String[]::new))
        .with("SPARK_LOCAL_IP", "127.0.0.1");
  }

  @Test
  void clientModeMakesTheExecutorsPodsWithinTheDriversRights() throws Exception {
    api.client().pods().inNamespace(NAMESPACE).resource(driverItself()).create();
    List<String> words = options("client", "registry.example/involution-spark:1");
    words.addAll(List.of("--conf", "spark.kubernetes.driver.pod.name=the-driver"));
    words.addAll(List.of("--job-jar", JOB_JAR.toAbsolutePath().toString()));
    words.addAll(List.of("--conf", NO_EXECUTORS));
    words.addAll(List.of("train", "--workers", "2", "--data", "synthetic"));
    words.addAll(List.of("--wait-for-slots", "12", "--out", temporary.resolve("run").toString()));
    File err = temporary.resolve("err").toFile();
    Process process = command(words).start(temporary.resolve("out").toFile(), err);
    try {
      List<Pod> executors = awaitExecutors(process, "1", "2");
      assertThat(executors).allSatisfy(SubmitK8sIT::assertExecutor);
      end(executors.get(0), "Failed");
      assertThat(awaitExecutors(process, "2", "3")).allSatisfy(SubmitK8sIT::assertExecutor);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(Command.text(err))
        .contains("0 task slots after 12 s, but 2 workers need one each")
        .doesNotContain("Exception");
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(api.otherRequests()).isEmpty();
    List<String> rights = new ArrayList<>(api.rightsNeeded());
    rights.add("pods patch"); // for executors that are kept, which these are not
    rights.addAll(List.of("services list", "services delete")); // here is no service to delete
    assertThat(rightsGranted("involution-driver"))
        .containsExactlyInAnyOrderElementsOf(new TreeSet<>(rights));
  }

  private static void assertDriver(Pod pod) {
    PodView view = new PodView(pod);
    view.assertRestricted();
    assertThat(pod.getMetadata().getName()).startsWith("involution-train-runs-a-slot-");
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "involution")
        .containsEntry("spark-app-name", "involution-train-runs-a-slot");
    assertThat(pod.getMetadata().getAnnotations())
        .containsEntry("prometheus.io/scrape", "true")
        .containsEntry("prometheus.io/port", "9404");
    assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("involution-driver");
    assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(view.container().getName()).isEqualTo("spark-kubernetes-driver");
    assertThat(view.container().getImage()).isEqualTo("registry.example/involution-spark:1");
    assertThat(view.container().getCommand()).as("the image's own entry point").isEmpty();
    assertThat(view.container().getArgs())
        .containsExactly(
            "driver",
            "--properties-file",
            "/opt/spark/conf/spark.properties",
            "--class",
            "io.involution.cli.Main",
            "local:///opt/involution/involution-spark.jar",
            "train",
            "--out",
            "file:///involution/runs/a $(SLOT)",
            "--resume");
    assertThat(view.environment())
        .containsEntry("OMP_NUM_THREADS", "1")
        .containsEntry("SPARK_CONF_DIR", "/opt/spark/conf")
        .containsEntry("SPARK_DRIVER_BIND_ADDRESS", "status.podIP");
    // 1 GiB of heap, 1 GiB of ND4J's, 384 MiB of the JVM's.
    assertThat(view.limits()).containsEntry("memory", "2432Mi").doesNotContainKey("nvidia.com/gpu");
    assertThat(view.mounts())
        .containsEntry("/opt/spark/conf", "spark-conf-volume-driver")
        .containsEntry("/opt/spark/pod-template", "pod-template-volume")
        .containsEntry("/involution", "claim involution")
        .containsEntry("/tmp", "empty")
        .containsEntry("/home/spark", "empty");
  }

  private void assertDriversSettings() throws Exception {
    Properties properties = new Properties();
    properties.load(new StringReader(onlyConfigMap("spark.properties")));
    assertThat(properties)
        .containsEntry("spark.app.name", "involution train runs/a___SLOT_")
        .containsEntry("spark.executor.instances", "2")
        .containsEntry("spark.involution.metrics", "9404")
        .containsEntry("spark.executor.memoryOverhead", "1408m")
        .containsEntry("spark.executor.resource.gpu.amount", "1")
        .containsEntry("spark.executor.resource.gpu.vendor", "nvidia.com")
        .containsEntry(
            "spark.executor.resource.gpu.discoveryScript", "/opt/involution/bin/gpu-discovery")
        .containsEntry("spark.task.resource.gpu.amount", "1")
        .containsEntry(
            "spark.kubernetes.executor.podTemplateFile",
            "/opt/spark/pod-template/pod-spec-template.yml");
    for (String role : List.of("driver", "executor")) {
      assertThat(properties.getProperty("spark." + role + ".defaultJavaOptions"))
          .contains("-Dorg.bytedeco.javacpp.maxphysicalbytes=2432m")
          .contains("-Dlog4j2.configurationFile=\"/opt/involution/conf/log4j2.properties\"");
    }
    Path template = project.folder().resolve("conf/k8s/executor-pod.yaml");
    assertThat(onlyConfigMap("podspec-configmap-key")).isEqualTo(Files.readString(template));
    assertThat(api.client().services().inNamespace(NAMESPACE).list().getItems())
        .singleElement()
        .satisfies(
            service -> {
              assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
              assertThat(service.getMetadata().getName())
                  .startsWith("involution-train-runs-a-slot-");
            });
  }

  private static void assertExecutor(Pod pod) {
    PodView view = new PodView(pod);
    view.assertRestricted();
    assertThat(pod.getMetadata().getName()).startsWith("involution-train-");
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "involution")
        .hasEntrySatisfying(
            "spark-app-name",
            name -> assertThat(name).matches("involution-train-[a-z0-9-]*[a-z0-9]"));
    assertThat(pod.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getName()).isEqualTo("the-driver"));
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(view.container().getName()).isEqualTo("spark-kubernetes-executor");
    assertThat(view.container().getImage()).isEqualTo("registry.example/involution-spark:1");
    assertThat(view.container().getCommand()).isEmpty();
    assertThat(view.container().getArgs()).containsExactly("executor");
    assertThat(view.container().getResources().getRequests())
        .containsEntry("cpu", new Quantity("1"));
    assertThat(view.limits()).containsEntry("memory", "2432Mi").doesNotContainKey("nvidia.com/gpu");
    assertThat(view.environment())
        .containsEntry("OMP_NUM_THREADS", "1")
        .containsEntry("SPARK_EXECUTOR_MEMORY", "1024m")
        .containsEntry("SPARK_EXECUTOR_POD_IP", "status.podIP")
        .containsEntry("SPARK_EXECUTOR_POD_NAME", "metadata.name")
        .containsKeys("SPARK_DRIVER_URL", "SPARK_EXECUTOR_CORES", "SPARK_APPLICATION_ID")
        .containsKeys("SPARK_EXECUTOR_ID", "SPARK_RESOURCE_PROFILE_ID")
        .containsValue("-Dorg.bytedeco.javacpp.maxbytes=1g")
        .containsValue("-Dlog4j2.configurationFile=/opt/involution/conf/log4j2.properties");
    assertThat(view.mounts())
        .containsEntry("/opt/spark/conf", "spark-conf-volume-exec")
        .containsEntry("/tmp", "empty")
        .containsEntry("/home/spark", "empty");
  }

  private List<String> options(String deployMode, String image) {
    return new ArrayList<>(
        List.of(
            "--master=k8s://" + api.url(),
            "--deploy-mode",
            deployMode,
            "--conf",
            "spark.kubernetes.container.image=" + image));
  }

  private Command command(List<String> words) {
    return project
        .submit("k8s", words.toArray(String[]::new))
        .with("SPARK_HOME", sparkHome)
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .with("KUBECONFIG", temporary.resolve("none").toString());
  }

  /** Stands for the pod of a driver that runs in the cluster in client mode. */
  private static Pod driverItself() {
    return ready(new PodBuilder().withNewMetadata().withName("the-driver").endMetadata().build());
  }

  private static Pod ready(Pod pod) {
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  private void end(Pod pod, String phase) {
    api.client()
        .pods()
        .inNamespace(NAMESPACE)
        .resource(new PodBuilder(pod).withNewStatus().withPhase(phase).endStatus().build())
        .updateStatus();
  }

  private Pod awaitDriver(Process submission) throws InterruptedException {
    List<Pod> drivers = pods("driver");
    while (submission.isAlive() && drivers.isEmpty()) {
      Thread.sleep(50);
      drivers = pods("driver");
    }
    assertThat(drivers).hasSize(1);
    return drivers.get(0);
  }

  /** Waits for exactly these executors; gives what there is when the job ends before. */
  private List<Pod> awaitExecutors(Process process, String... ids) throws InterruptedException {
    List<Pod> executors = List.of();
    while (process.isAlive() && !ids(executors).equals(List.of(ids))) {
      Thread.sleep(50);
      executors = pods("executor");
    }
    assertThat(ids(executors)).containsExactly(ids);
    return executors;
  }

  private static List<String> ids(List<Pod> executors) {
    return executors.stream()
        .map(pod -> pod.getMetadata().getLabels().get("spark-exec-id"))
        .sorted()
        .toList();
  }

  private List<Pod> pods(String role) {
    return api.client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("spark-role", role)
        .list()
        .getItems();
  }

  private String onlyConfigMap(String key) {
    List<String> found =
        api.client().configMaps().inNamespace(NAMESPACE).list().getItems().stream()
            .map(ConfigMap::getData)
            .filter(data -> data.containsKey(key))
            .map(data -> data.get(key))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static List<String> rightsGranted(String name) throws Exception {
    List<String> rights = new ArrayList<>();
    for (HasMetadata object : Manifests.objects("rbac.yaml")) {
      if (object instanceof Role role && role.getMetadata().getName().equals(name)) {
        for (PolicyRule rule : role.getRules()) {
          assertThat(rule.getApiGroups()).hasSize(1);
          String group =
              rule.getApiGroups().get(0).isEmpty() ? "" : rule.getApiGroups().get(0) + "/";
          for (String resource : rule.getResources()) {
            rule.getVerbs().forEach(verb -> rights.add(group + resource + " " + verb));
          }
        }
      }
    }
    return rights;
  }
}
