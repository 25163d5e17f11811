package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Map;
import java.util.TreeMap;

/** A pod of one container, as the tests ask about it. */
record PodView(Pod pod) {
  Container container() {
    assertThat(pod.getSpec().getContainers()).hasSize(1);
    return pod.getSpec().getContainers().get(0);
  }

  /** What Kubernetes' "restricted" standard for pods asks for, and a root folder of its own. */
  void assertRestricted() {
    var all = pod.getSpec().getSecurityContext();
    assertThat(all.getRunAsNonRoot()).isTrue();
    assertThat(all.getRunAsUser()).isEqualTo(185);
    assertThat(all.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    var own = container().getSecurityContext();
    assertThat(own.getAllowPrivilegeEscalation()).isFalse();
    assertThat(own.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(own.getReadOnlyRootFilesystem()).isTrue();
  }

  /** Variables by name: their values, or the field of the pod that they are taken from. */
  Map<String, String> environment() {
    Map<String, String> variables = new TreeMap<>();
    for (EnvVar variable : container().getEnv()) {
      variables.put(
          variable.getName(),
          variable.getValueFrom() == null
              ? variable.getValue()
              : variable.getValueFrom().getFieldRef().getFieldPath());
    }
    return variables;
  }

  /** What the container may use, as text by resource. */
  Map<String, String> limits() {
    Map<String, String> limits = new TreeMap<>();
    container()
        .getResources()
        .getLimits()
        .forEach((resource, quantity) -> limits.put(resource, quantity.toString()));
    return limits;
  }

  /** What is mounted by path: the volume's name, "empty", or a claim's name. */
  Map<String, String> mounts() {
    Map<String, String> mounts = new TreeMap<>();
    for (VolumeMount mount : container().getVolumeMounts()) {
      Volume volume =
          pod.getSpec().getVolumes().stream()
              .filter(candidate -> candidate.getName().equals(mount.getName()))
              .findFirst()
              .orElseThrow();
      String what =
          volume.getEmptyDir() != null
              ? "empty"
              : volume.getPersistentVolumeClaim() != null
                  ? "claim " + volume.getPersistentVolumeClaim().getClaimName()
                  : volume.getName();
      mounts.put(mount.getMountPath(), what);
    }
    return mounts;
  }
}
