# shellcheck shell=bash
# Shared by every submit/TARGET. A target sources this file, defines target_settings (its own
# spark-submit settings, made with "setting", "gpu_settings", and "memory_settings"), optionally
# java_settings and before_submit, and calls: submit TARGET "$@"

set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
target=            # local, local-cluster, ...
site_settings=     # the site's spark-defaults.conf, if there is one
file_settings=()   # the lines of both settings files
properties=        # the target's settings file, or the one that --properties-file names
own_properties=yes # whether it is the target's
gpus=0             # --gpus-per-executor
shipped_jar=       # --job-jar
dry_run=no         # --dry-run
metrics=no         # --metrics
event_log=         # --event-log
encrypt=no         # --encrypt
settings=()        # --conf KEY=VALUE from this script; they come before the user's, so the user's win
submit_options=()  # spark-submit's own options, as the user gave them
job=()             # COMMAND [OPTIONS]
asks_spark=no      # --version, --status and --kill need no command

# shellcheck source-path=SCRIPTDIR source=settings.sh
source "$root/submit/settings.sh"
# shellcheck source-path=SCRIPTDIR source=build.sh
source "$root/submit/build.sh"

say() { printf '%s: %s\n' "submit/$target" "$*" >&2; }

# die CODE MESSAGE: exit code 2 when another command line would fix it, else 1.
die() {
  local code=$1
  shift
  say "$*"
  exit "$code"
}

usage() {
  cat <<END
Usage: submit/$target [SUBMIT OPTIONS] COMMAND [OPTIONS]

Commands (submit/$target COMMAND --help shows the options of one):
$(<"$root/submit/help/commands.txt")

Submit options, before the command:
  --gpus-per-executor N  give every executor N GPUs, one per task
  --job-jar URI          use this job jar, for example one on a shared file system; build none
  --metrics              publish the job's metrics for Prometheus at http://DRIVER:9404/metrics
  --encrypt              encrypt what driver and executors send, and what they write to local disks
  --event-log DIR        keep Spark's event log in DIR, for the history server
  --dry-run              print the spark-submit line and do nothing
  --help, -h             show this text
  and any option of spark-submit (--conf, --master, --driver-memory, ...). They override
  conf/spark-$target.conf, as does --conf spark.master=...; --properties-file FILE replaces it.

SPARK_HOME must be Spark 3.5.1 or newer. If it is unset, Maven puts one together under target/.
END
}

# The help of a command where the command line asks for it: a file that is made from the options'
# declarations, so that nothing has to be built.
command_help() {
  local name=${job[0]:-} inner=${job[1]:-} text
  case " ${job[*]:-} " in *' --help '* | *' -h '*) ;; *) return 0 ;; esac
  [[ $name =~ ^[a-z]+$ ]] || return 0
  if [[ $inner =~ ^[a-z]+$ && -r $root/submit/help/$name-$inner.txt ]]; then name+=-$inner; fi
  [[ -r $root/submit/help/$name.txt ]] || return 0
  text=$(<"$root/submit/help/$name.txt")
  printf '%s\n' "${text//submit\/TARGET/submit\/$target}"
  exit 0
}

# Java raises the number of files that it may have open up to the hard limit; Spark's jars alone are
# 250 files.
require_open_files() {
  local limit needed=512
  limit=$(ulimit -Hn)
  [[ $limit == unlimited ]] || ((limit >= needed)) ||
    die 2 "at most $limit files may be open here, and the job needs $needed: raise the limit" \
      "(ulimit -n $needed, LimitNOFILE=$needed for systemd)"
}

# ---- The command line ---------------------------------------------------------------------------

# Whether an option of spark-submit takes the next word as its value.
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

# Reads the submit options up to the first bare word, which is the command. spark-submit accepts
# OPTION=VALUE as well as two words.
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
      --encrypt) encrypt=yes ;;
      --event-log)
        [[ -n ${2:-} ]] || die 2 "--event-log needs a folder, for example hdfs:///spark-events"
        event_log=$2
        shift
        ;;
      --gpus-per-executor=* | --job-jar=* | --properties-file=* | --event-log=*)
        shift
        set -- "${option%%=*}" "${option#*=}" "$@"
        continue
        ;;
      --gpus-per-executor)
        [[ ${2:-} =~ ^(0|[1-9][0-9]{0,2})$ ]] ||
          die 2 "--gpus-per-executor needs a number of GPUs, for example 1, not '${2:-}'"
        gpus=$2
        shift
        ;;
      --job-jar)
        [[ -n ${2:-} ]] || die 2 "--job-jar needs a file or URI"
        shipped_jar=$2
        shift
        ;;
      --properties-file)
        [[ -f ${2:-} ]] || die 2 "--properties-file: no such file: '${2:-}'"
        properties=$2 own_properties=no
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

# ---- Submitting ---------------------------------------------------------------------------------

# Whether ND4J's CUDA backend is to compute on the GPUs: it is in a job jar of its own, and loads only
# where there is a GPU. The other engine is in every jar.
uses_nd4j_on_gpus() { ((gpus > 0)) && [[ $(job_option --gpu-engine) == nd4j ]]; }

# Both jars have different names, so that they are never mixed up.
jar_name() { if uses_nd4j_on_gpus; then echo involution-spark-cuda.jar; else echo involution-spark.jar; fi; }

job_jar() { printf '%s' "${shipped_jar:-$root/target/$(jar_name)}"; }

# Words quoted so that a shell can read them back.
quoted() {
  local word line=
  for word in "$@"; do
    if [[ ! $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]]; then word=${word@Q}; fi
    line+="${line:+ }$word"
  done
  printf '%s\n' "$line"
}

# What Spark's scripts will read from the site's spark-env.sh, where many gateways export it.
site_environment() {
  local file=${SPARK_CONF_DIR:-$SPARK_HOME/conf}/spark-env.sh name values
  local names=(JAVA_HOME HADOOP_CONF_DIR YARN_CONF_DIR)
  [[ -r $file ]] || return 0
  # As they read it: it may name an unset variable, or end with a test that fails.
  mapfile -t values < <(
    set -a +eu +o pipefail
    # shellcheck source=/dev/null
    source "$file" </dev/null >/dev/null 2>&1
    for name in "${names[@]}"; do printf '%s\n' "${!name:-}"; done
  )
  for name in "${!names[@]}"; do
    if [[ -n ${values[name]:-} ]]; then export "${names[name]}=${values[name]}"; fi
  done
}

# require_java WHY VERSION ...: ends where the Java that would run is none of these.
require_java() {
  local why=$1 java=${JAVA_HOME:+$JAVA_HOME/bin/}java said version wanted words
  shift
  words=$*
  command -v "$java" >/dev/null || die 1 "$java is missing: install JDK 17, or set JAVA_HOME to one"
  said=$("$java" -version 2>&1) ||
    die 1 "$java does not start (${said//$'\n'/ }): correct JAVA_HOME, JAVA_TOOL_OPTIONS, or ulimit -v"
  version=$(sed -nE 's/.* version "([0-9]+).*/\1/p' <<<"$said")
  for wanted in "$@"; do
    if [[ $version == "$wanted" ]]; then return; fi
  done
  die 1 "$java is Java ${version:-of an unknown version}, and $why Java ${words// / or }:" \
    "install JDK 17, or set JAVA_HOME to one"
}

require_java_for_spark() {
  local cores=("$SPARK_HOME"/jars/spark-core_2.13-4.*.jar)
  if [[ -f ${cores[0]} ]]; then
    require_java "the job runs on" 17 21 25
  else
    require_java "with this Spark the job runs on" 17
  fi
}

# One OpenMP thread per task: the tasks are the parallelism, and spinning OpenMP threads slow them
# down. The job's messages name this script.
prepare_environment() {
  export INVOLUTION_CALLED_AS=submit/$target
  export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
  speak_utf8
}

# Without LANG, as under cron, Java turns every letter beyond ASCII into a question mark.
speak_utf8() {
  local letters
  letters=$(locale charmap 2>/dev/null || true)
  if [[ -z $letters || $letters == ANSI_X3.4-* || $letters == US-ASCII || $letters == 646 ]]; then
    export LC_ALL=C.UTF-8
  fi
}

# Spark and Java make URIs, lists, class paths and options of paths: these letters split or end them.
require_checkout() {
  local letter
  for letter in $'\n' '"' '#' ',' ':' $'\\'; do
    if [[ $root == *"$letter"* ]]; then
      die 2 "$root has a ${letter@Q} in its path, which Spark cannot read: move or copy this checkout to another folder"
    fi
  done
}

# Hadoop takes the user's name from the system, and opens no file system without one.
require_user() {
  id -un >/dev/null 2>&1 || die 2 "user $(id -u) has no name, and Hadoop needs one: add a line for it to" \
    "/etc/passwd (echo \"me:x:$(id -u):0::/tmp:/bin/sh\" >>/etc/passwd), or start the container as a user with a name"
}

# spark-submit answers a master together with a Spark Connect server with a stack trace.
refuse_connect() {
  local asks=
  if [[ -n ${SPARK_REMOTE+x} ]]; then asks="SPARK_REMOTE"; fi
  if [[ " ${submit_options[*]:-} " == *" --remote"[\ =]* ]]; then asks="--remote"; fi
  if [[ -n $(chosen spark.remote) ]]; then asks="spark.remote"; fi
  [[ -z $asks || $asks_spark == yes ]] ||
    die 2 "$asks asks for a Spark Connect server, which runs queries and not this job: leave it out"
}

# Checks that a target makes once everything is built; a target may define its own.
before_submit() { :; }

# The words of the spark-submit command, in "line".
compose_line() {
  line=("$SPARK_HOME/bin/spark-submit" --properties-file "$properties"
    "${settings[@]}" "${submit_options[@]}")
  if ((${#job[@]} > 0)); then
    line=("${line[0]}" --class io.involution.cli.Main "${line[@]:1}" "$(job_jar)" "${job[@]}")
  fi
}

# submit TARGET [SUBMIT OPTIONS] COMMAND [OPTIONS]
submit() {
  local line
  target=$1
  shift
  properties=$root/conf/spark-$target.conf
  parse "$@"
  if ((${#job[@]} == 0)) && [[ $asks_spark == no ]]; then
    usage >&2
    exit 2
  fi
  [[ $dry_run == yes ]] || command_help
  [[ -r $properties ]] || die 2 "$properties is missing: restore it or give --properties-file"
  prepare_environment
  require_open_files
  require_checkout
  find_site_settings
  read_settings
  refuse_connect
  require_sizes
  java_settings
  target_settings
  name_settings
  monitoring_settings
  security_settings
  use_spark_home
  merge_site_settings
  compose_line
  if [[ $dry_run == yes ]]; then
    quoted "OMP_NUM_THREADS=$OMP_NUM_THREADS" "${line[@]}"
    tell_secret
    exit 0
  fi
  require_user
  if ((${#job[@]} > 0)) && [[ -z $shipped_jar ]] && ! is_fresh "$(job_jar)"; then
    locked build_job_jar "$(job_jar)"
  fi
  site_environment # after the build, which takes the caller's Java
  require_java_for_spark
  before_submit
  add_secret
  compose_line
  exec "${line[@]}"
}
