package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.involution.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The files of conf/k8s hold fields that exist and run the job's own commands. */
class ManifestsTest {
  private static final String RUN = "spark-application.yaml";
  private static final String NIGHTLY = "scheduled-spark-application.yaml";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "namespace.yaml",
        "network-policy.yaml",
        "rbac.yaml",
        "volumes.yaml",
        "driver-pod.yaml",
        "executor-pod.yaml"
      })
  void kubernetesKnowsEveryField(String file) throws IOException {
    List<HasMetadata> objects = Manifests.objects(file);
    assertThat(objects).isNotEmpty();
    for (HasMetadata object : objects) {
      assertThat(object.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/name", "involution");
      if (!(object instanceof Namespace) && !(object instanceof Pod)) {
        assertThat(object.getMetadata().getNamespace()).isEqualTo("involution");
      }
    }
  }

  @Test
  void onlyTheJobsOwnPodsMayConnectToThem() throws IOException {
    NetworkPolicySpec policy =
        ((NetworkPolicy) Manifests.objects("network-policy.yaml").get(0)).getSpec();
    assertThat(policy.getPolicyTypes()).containsExactly("Ingress");
    assertThat(policy.getIngress())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getFrom()).hasSize(1);
              assertThat(rule.getFrom().get(0).getPodSelector()).isEqualTo(policy.getPodSelector());
            });
    for (String file : List.of("driver-pod.yaml", "executor-pod.yaml")) {
      assertThat(Manifests.objects(file).get(0).getMetadata().getLabels())
          .containsAllEntriesOf(policy.getPodSelector().getMatchLabels());
    }
    for (JsonNode spec :
        List.of(Manifests.only(RUN).at("/spec"), Manifests.only(NIGHTLY).at("/spec/template"))) {
      for (String role : List.of("driver", "executor")) {
        policy
            .getPodSelector()
            .getMatchLabels()
            .forEach(
                (label, value) ->
                    assertThat(spec.path(role).path("labels").path(label).asText())
                        .isEqualTo(value));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/spec", "/spec/securityContext", "/spec/containers/0/resources"})
  void aFieldThatKubernetesDoesNotKnowIsFound(String place) throws IOException {
    JsonNode pod = Manifests.documents("driver-pod.yaml").get(0);
    ((ObjectNode) pod.at(place)).put("runAsRoot", true);
    assertThatThrownBy(() -> Manifests.strict(pod, Pod.class))
        .isInstanceOf(UnrecognizedPropertyException.class)
        .hasMessageContaining("runAsRoot");
  }

  @ParameterizedTest
  @ValueSource(strings = {RUN, NIGHTLY})
  void theOperatorKnowsEveryField(String file) throws IOException {
    assertThat(OperatorFields.read().problems(Manifests.only(file))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', SparkApplication has the unknown field gpus",
    "/metadata, Unrecognized field \"gpus\"",
    "/spec, SparkApplication.spec has the unknown field gpus",
    "/spec/driver, SparkApplication.spec.driver has the unknown field gpus",
    "/spec/executor/gpu, SparkApplication.spec.executor.gpu has the unknown field gpus",
    "/spec/driver/volumeMounts/0, Unrecognized field \"gpus\"",
    "/spec/restartPolicy, SparkApplication.spec.restartPolicy has the unknown field gpus"
  })
  void aFieldThatTheOperatorDoesNotKnowIsFound(String place, String problem) throws IOException {
    JsonNode run = Manifests.only(RUN);
    ((ObjectNode) run.at(place)).put("gpus", 1);
    assertThat(OperatorFields.read().problems(run)).singleElement().asString().contains(problem);
  }

  @Test
  void whatTheOperatorNeedsAndOfWhatTypeIsKnown() throws IOException {
    JsonNode run = Manifests.only(RUN);
    ((ObjectNode) run.at("/spec")).remove("sparkVersion");
    ((ObjectNode) run.at("/spec/sparkConf")).put("spark.task.resource.gpu.amount", 1);
    ((ObjectNode) run.at("/spec/restartPolicy")).put("type", "Sometimes");
    ((ObjectNode) run.at("/spec/executor/gpu")).put("quantity", "1");
    assertThat(OperatorFields.read().problems(run))
        .containsExactlyInAnyOrder(
            "SparkApplication.spec lacks sparkVersion",
            "SparkApplication.spec.sparkConf.spark.task.resource.gpu.amount is no text",
            "SparkApplication.spec.restartPolicy.type is none of [Never, Always, OnFailure]",
            "SparkApplication.spec.executor.gpu.quantity is no number");
  }

  @Test
  void bothRunTheJobsOwnCommandAndGoOnAfterAFailure() throws IOException {
    for (JsonNode spec :
        List.of(Manifests.only(RUN).at("/spec"), Manifests.only(NIGHTLY).at("/spec/template"))) {
      List<String> arguments = Manifests.texts(spec.path("arguments"));
      assertThatCode(() -> new CommandLine(Main.class).parseArgs(arguments.toArray(String[]::new)))
          .doesNotThrowAnyException();
      assertThat(arguments).startsWith("train").contains("--resume");
      assertThat(spec.at("/restartPolicy/type").asText()).isEqualTo("OnFailure");
      assertThat(spec.at("/restartPolicy/onFailureRetries").asInt()).isPositive();
      assertThat(spec.at("/executor/gpu/name").asText()).isEqualTo("nvidia.com/gpu");
      assertThat(spec.at("/executor/gpu/quantity").asInt()).isEqualTo(1);
      assertThat(spec.at("/driver/gpu").isMissingNode()).isTrue();
    }
  }

  @Test
  void aSlotHasAFolderOfItsOwnThatItsRetriesFind() throws IOException {
    JsonNode template = Manifests.only(NIGHTLY).at("/spec/template");
    JsonNode slot = template.at("/driver/env/0");
    assertThat(slot.path("name").asText()).isEqualTo("SLOT");
    assertThat(slot.at("/valueFrom/fieldRef/fieldPath").asText())
        .isEqualTo("metadata.labels['sparkoperator.k8s.io/app-name']");
    assertThat(Manifests.texts(template.path("arguments")))
        .contains("file:///involution/runs/$(SLOT)");
  }

  @Test
  void withoutTheLinesForGpusTheyAskForNone(@TempDir Path folder) throws IOException {
    for (String file : List.of(RUN, NIGHTLY)) {
      Path copy = folder.resolve(file);
      List<String> lines = Files.readAllLines(Path.of("conf", "k8s", file));
      Files.write(copy, lines.stream().filter(line -> !line.endsWith("# GPU")).toList());
      JsonNode plain = Manifests.parse(copy).get(0);
      assertThat(OperatorFields.read().problems(plain)).isEmpty();
      assertThat(plain.toString()).doesNotContainIgnoringCase("gpu");
    }
  }
}
