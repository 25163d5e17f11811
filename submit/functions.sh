# shellcheck shell=bash
# What every submit/TARGET shares. A target sources this file, defines target_settings (its own
# spark-submit settings, made with "setting" and "gpu_settings") and calls: submit TARGET "$@"

set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
target=            # local, local-cluster, ...
properties=        # the target's settings file, or the one that --properties-file names
gpus=0             # --gpus-per-executor
dry_run=no         # --dry-run
metrics=no         # --metrics
event_log=         # --event-log
settings=()        # --conf KEY=VALUE of this script: before the user's, so that those win
submit_options=()  # spark-submit's own options as the user gave them
job=()             # COMMAND [OPTIONS]
asks_spark=no      # --version, --status and --kill need no command

say() { printf '%s: %s\n' "submit/$target" "$*" >&2; }

# die CODE MESSAGE: 2 for what the user can put right by another command line, else 1.
die() {
  local code=$1
  shift
  say "$*"
  exit "$code"
}

usage() {
  cat <<END
Usage: submit/$target [SUBMIT OPTIONS] COMMAND [OPTIONS]

Commands: train, evaluate, summary, report, predict, experiment, doctor
          (submit/$target COMMAND --help shows a command's options)

Submit options, before the command:
  --gpus-per-executor N  give every executor N GPUs, one a task, and take the CUDA job jar
  --metrics              show the job's figures by conf/metrics.properties; switches Spark's UI on
  --event-log DIR        keep Spark's event log in DIR, for its history server
  --dry-run              print the spark-submit line and do nothing
  --help, -h             show this text
  and any option of spark-submit (--conf, --master, --driver-memory, ...); they win over
  conf/spark-$target.conf, --conf spark.master=... too; --properties-file FILE replaces it

SPARK_HOME names a Spark 3.5 for Scala 2.12; without it Maven puts one together under target/.
END
}

# ---- The command line ---------------------------------------------------------------------------

# Whether spark-submit's option takes the next word as its value.
takes_value() {
  case $1 in
    --archives | --class | --conf | -c | --deploy-mode | --driver-class-path | --driver-cores | \
      --driver-java-options | --driver-library-path | --driver-memory | --exclude-packages | \
      --executor-cores | --executor-memory | --files | --jars | --keytab | --kill | --master | \
      --name | --num-executors | --packages | --principal | --properties-file | --proxy-user | \
      --py-files | --queue | --remote | --repositories | --status | --total-executor-cores)
      return 0
      ;;
    *) return 1 ;;
  esac
}

# Reads the submit options up to the first bare word, the command. spark-submit takes OPTION=VALUE
# as well as two words.
parse() {
  local option
  while (($# > 0)); do
    option=$1
    case $option in
      --help | -h)
        usage
        exit 0
        ;;
      --dry-run) dry_run=yes ;;
      --metrics) metrics=yes ;;
      --event-log)
        [[ -n ${2:-} ]] || die 2 "--event-log needs a folder, such as hdfs:///spark-events"
        event_log=$2
        shift
        ;;
      --gpus-per-executor=* | --properties-file=* | --event-log=*)
        shift
        set -- "${option%%=*}" "${option#*=}" "$@"
        continue
        ;;
      --gpus-per-executor)
        [[ ${2:-} =~ ^(0|[1-9][0-9]{0,2})$ ]] ||
          die 2 "--gpus-per-executor needs a number of GPUs, such as 1; it was given '${2:-}'"
        gpus=$2
        shift
        ;;
      --properties-file)
        [[ -f ${2:-} ]] || die 2 "--properties-file: no such file: '${2:-}'"
        properties=$2
        shift
        ;;
      -*)
        submit_options+=("$option")
        case $option in --version | --status | --status=* | --kill | --kill=*) asks_spark=yes ;; esac
        if takes_value "$option"; then
          (($# > 1)) || die 2 "$option needs a value"
          submit_options+=("$2")
          shift
        fi
        ;;
      *)
        job=("$@")
        return
        ;;
    esac
    shift
  done
}

# job_option NAME: the value of an option after the command, or nothing.
job_option() {
  local i
  for ((i = 1; i < ${#job[@]}; i++)); do
    case ${job[i]} in
      "$1") printf '%s' "${job[i + 1]:-}" ;;
      "$1="*) printf '%s' "${job[i]#*=}" ;;
    esac
  done
}

setting() { settings+=(--conf "$1=$2"); }

# property KEY: its value in the settings file (on one line), or nothing.
property() {
  local key=${1//./\\.}
  sed -nE "s/^[[:space:]]*${key}[[:space:]]*[=:[:space:]][[:space:]]*(.*[^[:space:]])[[:space:]]*$/\1/p" \
    "$properties" | tail -n 1
}

# java_options driver|executor: the file's default options of that JVM and what needs a path.
# spark.*.extraJavaOptions stays the user's own: it comes after these, and nothing is lost by it.
java_options() {
  local key=spark.$1.defaultJavaOptions options
  options=$(property "$key")
  setting "$key" \
    "${options:+$options }-Dlog4j2.configurationFile=\"$root/conf/log4j2.properties\""
}

# gpu_settings ROLE...: the GPUs of a driver, executor or (standalone) worker.
gpu_settings() {
  local role
  ((gpus > 0)) || return 0
  for role in "$@"; do
    setting "spark.$role.resource.gpu.amount" "$gpus"
    setting "spark.$role.resource.gpu.discoveryScript" "$root/submit/gpu-discovery"
    if [[ $role == executor ]]; then setting spark.task.resource.gpu.amount 1; fi
  done
}

# monitoring_settings: --metrics and --event-log. The metrics file goes along as settings: executors
# and drivers elsewhere have no such file.
monitoring_settings() {
  local line
  if [[ $metrics == yes ]]; then
    while IFS= read -r line; do
      setting "spark.metrics.conf.${line%%=*}" "${line#*=}"
    done < <(sed -nE 's/^[[:space:]]*([^#![:space:]=]+)[[:space:]]*=[[:space:]]*(.*[^[:space:]])[[:space:]]*$/\1=\2/p' \
      "$root/conf/metrics.properties")
    setting spark.ui.enabled true
    setting spark.ui.prometheus.enabled true
  fi
  if [[ -n $event_log ]]; then
    if [[ $event_log != *:* ]]; then # Spark does not make it
      event_log=$(readlink -m -- "$event_log")
      [[ $dry_run == yes ]] || mkdir -p -- "$event_log" || die 2 "--event-log: give another folder"
    fi
    setting spark.eventLog.enabled true
    setting spark.eventLog.dir "$event_log"
  fi
}

# ---- Building -----------------------------------------------------------------------------------

# locked FUNCTION ...: one submit at a time builds in target/.
locked() {
  command -v flock >/dev/null || die 1 "flock is missing: install util-linux"
  mkdir -p -- "$root/target"
  (
    if ! flock -n 9; then
      say "waiting for another submit that is building in $root/target"
      flock 9
    fi
    "$@"
  ) 9>"$root/target/.submit-lock"
}

# Maven's chatter goes to stderr: stdout belongs to the job. It must not inherit the lock.
maven() {
  command -v mvn >/dev/null || die 1 "mvn is not on the PATH: install Maven 3.8 or newer"
  (cd -- "$root" && exec mvn -B -q "$@" >&2 9>&-)
}

pom_property() { sed -nE "s:^ *<$1>(.*)</$1>$:\1:p" "$root/pom.xml" | head -n 1; }

# Where the Spark home from Maven belongs: another folder for other versions, jars or scripts.
maven_spark_home() {
  local hash
  hash=$({
    pom_property spark.version
    pom_property scala.binary.version
    cat -- "$root/submit/spark-home.xml" "$root"/submit/spark-home-bin/*
  } | sha256sum)
  printf '%s/target/spark-home-%s' "$root" "${hash:0:12}"
}

build_spark_home() {
  local home=$1 version started=$SECONDS part
  [[ ! -d $home ]] || return 0 # another submit was faster
  version=$(pom_property spark.version)
  say "putting Spark $version together in $home (once; the first time Maven downloads 270 MB)"
  rm -rf -- "$root"/target/spark-home-part.* # of an interrupted run: we hold the lock
  part=$(mktemp -d "$root/target/spark-home-part.XXXXXX")
  chmod 755 "$part"
  if ! maven -f submit/spark-home.xml dependency:copy-dependencies -DincludeScope=runtime \
    -Dspark.version="$version" -Dscala.binary.version="$(pom_property scala.binary.version)" \
    -DoutputDirectory="$part/jars"; then
    rm -rf -- "$part"
    die 1 "Maven could not copy Spark's jars (see above): give it a network or set SPARK_HOME"
  fi
  mkdir "$part/bin"
  install -m 755 -- "$root"/submit/spark-home-bin/* "$part/bin"
  mv -T -- "$part" "$home"
  say "Spark home ready after $((SECONDS - started)) s"
}

# Sets SPARK_HOME to the user's or to Maven's, which --dry-run only names.
use_spark_home() {
  if [[ -n ${SPARK_HOME:-} ]]; then
    [[ -x $SPARK_HOME/bin/spark-submit ]] || die 2 "SPARK_HOME=$SPARK_HOME has no" \
      "bin/spark-submit: name a Spark 3.5 for Scala 2.12, or unset it and Maven puts one together"
    if compgen -G "$SPARK_HOME/jars/spark-core_2.13-*.jar" >/dev/null; then
      die 2 "SPARK_HOME=$SPARK_HOME is a Spark for Scala 2.13: the job needs one for Scala 2.12"
    fi
    return
  fi
  SPARK_HOME=$(maven_spark_home)
  if [[ $dry_run == no && ! -d $SPARK_HOME ]]; then locked build_spark_home "$SPARK_HOME"; fi
  export SPARK_HOME
}

is_fresh() {
  [[ -f $1 && -z $(find "$root/pom.xml" "$root/src/main" -newer "$1" -print -quit) ]]
}

build_job_jar() {
  local jar=$1 started=$SECONDS stamp profile=()
  ! is_fresh "$jar" || return 0 # another submit was faster
  if ((gpus > 0)); then profile=(-Pcuda); fi
  say "building $jar: it is missing or older than the sources"
  stamp=$(mktemp "$root/target/.submit-stamp.XXXXXX")
  if ! maven "${profile[@]}" -DskipTests package; then
    rm -f -- "$stamp"
    die 1 "the job jar could not be built (see above)"
  fi
  # As old as the build's start, so that a source saved meanwhile counts as newer.
  touch -r "$stamp" -- "$jar"
  rm -f -- "$stamp"
  say "job jar ready after $((SECONDS - started)) s"
}

# The jar of the CPU backend and that of CUDA have different names: they never mix.
job_jar() {
  if ((gpus > 0)); then
    printf '%s/target/involution-spark-cuda.jar' "$root"
  else
    printf '%s/target/involution-spark.jar' "$root"
  fi
}

# ---- Submitting ---------------------------------------------------------------------------------

# Words as a shell reads them back.
quoted() {
  local word line=
  for word in "$@"; do
    if [[ ! $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]]; then word=${word@Q}; fi
    line+="${line:+ }$word"
  done
  printf '%s\n' "$line"
}

require_java() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java version
  command -v "$java" >/dev/null || die 1 "$java is missing: install a JDK 17 or set JAVA_HOME to one"
  version=$("$java" -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p')
  [[ $version == 17 ]] || die 1 "$java is Java ${version:-of an unknown version}:" \
    "install a JDK 17 or set JAVA_HOME to one"
}

# One OpenMP thread a task: the tasks are the parallelism, and spinning OpenMP threads slow them.
prepare_environment() {
  export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
}

# What a target checks when everything is built; one may define its own.
before_submit() { :; }

# submit TARGET [SUBMIT OPTIONS] COMMAND [OPTIONS]
submit() {
  local jar line
  target=$1
  shift
  properties=$root/conf/spark-$target.conf
  parse "$@"
  if ((${#job[@]} == 0)) && [[ $asks_spark == no ]]; then
    usage >&2
    exit 2
  fi
  [[ -r $properties ]] || die 2 "$properties is missing: restore it or give --properties-file"
  prepare_environment
  java_options driver
  java_options executor
  target_settings
  monitoring_settings
  use_spark_home
  line=("$SPARK_HOME/bin/spark-submit" --properties-file "$properties"
    "${settings[@]}" "${submit_options[@]}")
  if ((${#job[@]} > 0)); then
    jar=$(job_jar)
    line=("${line[0]}" --class io.involution.cli.Main "${line[@]:1}" "$jar" "${job[@]}")
  fi
  if [[ $dry_run == yes ]]; then
    quoted "OMP_NUM_THREADS=$OMP_NUM_THREADS" "${line[@]}"
    exit 0
  fi
  require_java
  if [[ -n ${jar:-} ]] && ! is_fresh "$jar"; then locked build_job_jar "$jar"; fi
  before_submit
  exec "${line[@]}"
}
