# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables are those of functions.sh, which sources this file
# Spark settings that the submit scripts compute from the settings file and the command line:
# Java options, GPUs, memory.

set -euo pipefail

setting() { settings+=(--conf "$1=$2"); }

# The site's own settings, as spark-submit would read them if it were given no file: ours win over
# them, and a file that --properties-file names replaces both.
find_site_settings() {
  local folder=${SPARK_CONF_DIR:-${SPARK_HOME:+$SPARK_HOME/conf}}
  local file=$folder/spark-defaults.conf
  [[ $own_properties == yes && -n $folder && -f $file ]] || return 0
  [[ -r $file ]] || die 2 "$file is not readable: correct its permissions, or leave it out with" \
    "--properties-file $properties"
  site_settings=$file
}

# unnamed_settings COMMAND ...: what the command prints becomes spark-submit's settings, in a file without a name: it
# may hold secrets, which belong neither on a command line nor in a file that stays.
unnamed_settings() {
  local file descriptor
  file=$(mktemp) || die 1 "no temporary file can be made in ${TMPDIR:-/tmp}: free some space there, or set TMPDIR"
  exec {descriptor}<>"$file"
  rm -- "$file"
  "$@" >&"$descriptor" || die 1 "${TMPDIR:-/tmp} is full: free some space there, or set TMPDIR"
  properties=/dev/fd/$descriptor
}

# Gives spark-submit both files as one.
merge_site_settings() {
  [[ -n $site_settings ]] || return 0
  say "with the settings of $site_settings, under those of $properties; --properties-file $properties leaves them out"
  [[ $dry_run == no ]] || return 0
  unnamed_settings both_settings
}

both_settings() { cat -- "$site_settings" && printf '\n\n' && cat -- "$properties"; }

# Keeps the lines of the settings files, so that no key starts a program; the site's come first.
read_settings() {
  local file line
  for file in ${site_settings:+"$site_settings"} "$properties"; do
    while IFS= read -r line || [[ -n $line ]]; do
      if [[ $line =~ ^[[:space:]]*[^#[:space:]] ]]; then file_settings+=("$line"); fi
    done <"$file"
  done
}

# property KEY: its value in the settings files (on one line), or nothing. The last one counts.
property() {
  local i pattern="^[[:space:]]*${1//./\\.}[[:space:]]*[=:[:space:]][[:space:]]*(.*[^[:space:]])[[:space:]]*$"
  for ((i = ${#file_settings[@]} - 1; i >= 0; i--)); do
    if [[ ${file_settings[i]} =~ $pattern ]]; then
      printf '%s\n' "${BASH_REMATCH[1]}"
      return
    fi
  done
}

# chosen KEY [OPTION]: the value that spark-submit will use for a property: its own option, else
# --conf, else the settings file.
chosen() {
  local i word by_option='' by_conf=''
  for ((i = 0; i < ${#submit_options[@]}; i++)); do
    word=${submit_options[i]}
    case $word in
      --conf=*) word=${word#*=} ;;
      --conf | -c) word=${submit_options[++i]} ;;
      "${2:-none}="*) by_option=${word#*=} && continue ;;
      "${2:-none}") by_option=${submit_options[++i]} && continue ;;
      *)
        if takes_value "$word"; then i=$((i + 1)); fi
        continue
        ;;
    esac
    if [[ $word == "$1="* ]]; then by_conf=${word#*=}; fi
  done
  printf '%s' "${by_option:-${by_conf:-$(property "$1")}}"
}

# Whether the cluster runs the driver too.
in_cluster_mode() { [[ $(chosen spark.submit.deployMode --deploy-mode) == cluster ]]; }

# java_options driver|executor [OPTION ...]: the settings file's default options for that JVM, and
# these. spark.*.extraJavaOptions is left to the user: it comes after these and replaces none.
java_options() {
  local key=spark.$1.defaultJavaOptions options
  options=$(property "$key")
  shift
  setting "$key" "${options:+$options }$*"
}

# logging FILE: the Java option that names the log4j settings file.
logging() { printf -- '-Dlog4j2.configurationFile="%s"' "$1"; }

# Java options for targets whose JVMs all see this folder; a cluster target defines its own.
java_settings() {
  local role
  for role in driver executor; do
    java_options "$role" "$(logging "$root/conf/log4j2.properties")"
  done
}

# gpu_settings ROLE AMOUNT [SCRIPT]: the GPUs of a driver, an executor (one per task), or a
# standalone worker, if --gpus-per-executor asks for any; the script finds their addresses.
gpu_settings() {
  ((gpus > 0)) || return 0
  setting "spark.$1.resource.gpu.amount" "$2"
  if [[ -n ${3:-} ]]; then setting "spark.$1.resource.gpu.discoveryScript" "$3"; fi
  [[ $1 == executor ]] || return 0
  setting spark.task.resource.gpu.amount 1
  # Where a GPU is lost, the executor's successor fails at once: the task's third or fourth try must not
  # end there too, but another GPU of the host may take it.
  setting spark.excludeOnFailure.enabled true
  setting spark.excludeOnFailure.task.maxTaskAttemptsPerNode 3
}

# Enough cores to run as many tasks at once as an executor's GPUs take: one each, or more where a task
# asks for a part of one (spark.task.resource.gpu.amount=0.25).
gpu_cores() {
  local task_cpus part sharers=1
  ((gpus > 0)) || return 0
  task_cpus=$(chosen spark.task.cpus)
  part=$(chosen spark.task.resource.gpu.amount)
  if [[ $part =~ ^0?[.][0-9]{1,6}$ ]]; then
    sharers=$(awk -v part="$part" 'BEGIN { print (part > 0 ? int(1 / part + 1e-6) : 1) }')
  fi
  setting spark.executor.cores $((gpus * sharers * ${task_cpus:-1}))
}

# mebibytes MEMORY: a size in Spark's notation (512m, 2g; a bare number is MiB) in MiB.
mebibytes() {
  local number unit
  [[ $1 =~ ^([0-9]{1,9})([kKmMgGtT]?)[bB]?$ ]] ||
    die 2 "'$1' is not a size: use Spark's notation, for example 512m or 2g"
  number=$((10#${BASH_REMATCH[1]})) unit=${BASH_REMATCH[2],,}
  case $unit in
    k) printf %d $((number / 1024)) ;;
    g) printf %d $((number * 1024)) ;;
    t) printf %d $((number * 1024 * 1024)) ;;
    *) printf %d "$number" ;;
  esac
}

# require_number KEY PATTERN EXAMPLE [OPTION]: refuses a value that is no such number. Bash runs
# commands in what it computes with, so only digits may get there.
require_number() {
  local value
  value=$(chosen "$1" "${4:-}")
  [[ -z $value || $value =~ ^$2$ ]] ||
    die 2 "$1 is '$value', not a number: use for example $1=$3"
}

# Checks what is used in computations here, because a subshell would hide the error.
require_sizes() {
  local role size key
  require_number spark.task.cpus '[1-9][0-9]{0,3}' 1
  for key in driver executor kubernetes; do
    require_number "spark.$key.memoryOverheadFactor" '[0-9]{0,3}([.][0-9]{1,9})?' 0.1
  done
  for role in driver executor; do
    for size in "$(chosen "spark.$role.memory" "--$role-memory")" \
      "$(chosen "spark.$role.memoryOverhead")" "$(chosen "spark.$role.minMemoryOverhead")"; do
      mebibytes "${size:-1g}" >/dev/null
    done
    native_limit "$role" >/dev/null
  done
}

heap() {
  local memory
  memory=$(chosen "spark.$1.memory" "--$1-memory")
  mebibytes "${memory:-1g}"
}

# MiB that ND4J may allocate: maxbytes in the Java options, as JavaCPP reads it (a bare number is
# bytes).
native_limit() {
  local options=spark.$1.defaultJavaOptions extra=spark.$1.extraJavaOptions limit
  if [[ $1 == driver ]]; then extra=$(chosen "$extra" --driver-java-options); else extra=$(chosen "$extra"); fi
  limit=$(grep -oE -- '-Dorg\.bytedeco\.javacpp\.maxbytes=[^ ]*' <<<"$(chosen "$options") $extra" |
    tail -n 1 || true)
  limit=${limit#*=}
  if [[ $limit =~ ^[0-9]+$ ]]; then limit=$((limit / 1024))k; fi
  mebibytes "${limit:-0}"
}

# MiB that a driver or executor needs beyond its heap: what ND4J may allocate, plus the JVM's own
# share, which Spark sets to a tenth of the heap, at least 384 MiB. Not below the user's own minimum,
# which Spark ignores where the overhead is set.
overhead() {
  local heap own least
  heap=$(heap "$1") least=$(least_overhead "$1")
  own=$((heap / 10 > 384 ? heap / 10 : 384))
  own=$(($(native_limit "$1") + own))
  printf %d $((own > least ? own : least))
}

# The MiB below which Spark sets no overhead: a setting since Spark 4.
least_overhead() {
  local least
  least=$(chosen "spark.$1.minMemoryOverhead")
  mebibytes "${least:-384}"
}

# The user's overhead factor, which Spark multiplies the heap by, or nothing.
overhead_factor() {
  local factor
  factor=$(chosen "spark.$1.memoryOverheadFactor")
  printf '%s' "${factor:-$(chosen spark.kubernetes.memoryOverheadFactor)}"
}

# memory_settings driver|executor: makes the container large enough. If the user sets the overhead
# or its factor, that value is used.
memory_settings() {
  local role=$1
  if [[ -z $(chosen "spark.$role.memoryOverhead")$(overhead_factor "$role") ]]; then
    setting "spark.$role.memoryOverhead" "$(overhead "$role")m"
  fi
}

# physical_limit driver|executor: the Java option that makes ND4J throw an OutOfMemoryError before
# the container is killed.
physical_limit() {
  local heap own factor
  heap=$(heap "$1") own=$(chosen "spark.$1.memoryOverhead") factor=$(overhead_factor "$1")
  if [[ -n $own ]]; then
    own=$(mebibytes "$own")
  elif [[ -n $factor ]]; then
    own=$(awk -v heap="$heap" -v factor="$factor" -v least="$(least_overhead "$1")" \
      'BEGIN { own = int(heap * factor); print (own > least ? own : least) }')
  else
    own=$(overhead "$1")
  fi
  printf -- '-Dorg.bytedeco.javacpp.maxphysicalbytes=%dm' $((heap + own))
}

# A driver that runs somewhere in the cluster has no local folder that the user could find.
require_out() {
  case ${job[0]:-} in train | evaluate) ;; *) return 0 ;; esac # an experiment's file may name it
  case " ${job[*]} " in *' --help '* | *' -h '*) return 0 ;; esac
  [[ -n $(job_option --out) || -n $(job_option --config) ]] || die 2 "with --deploy-mode cluster" \
    "${job[0]} needs --out: name a folder on a file system that the cluster shares, such as hdfs:///runs/first"
}

# name_settings: a driver names its application after command and run; one that the cluster starts is shown under the
# name that spark-submit is given. Kubernetes makes names of at most 63 letters of it, with 28 of its own.
name_settings() {
  local name=${job[0]:-} out most=63
  in_cluster_mode && [[ $name =~ ^[a-z]+$ && -z $(chosen spark.app.name --name) ]] || return 0
  if [[ $target == k8s ]]; then most=35; fi
  name="involution $name"
  out=$(job_option --out) out=${out//\{name\}/$(basename -- "${job[1]:-}" .conf)}
  out=${out//\{slot\}/$(job_option --slot)}
  if [[ $out =~ ^[A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?(.*)$ ]]; then out=${BASH_REMATCH[2]}; fi
  out=$(sed -E 's#/+#/#g; s#/$##; s#^.*/([^/]+/[^/]+)$#\1#; s#^/##' <<<"${out//[^[:alnum:]._=+\/-]/_}")
  # What looks like a secret belongs on no page.
  if [[ ${out,,} =~ secret|token|pass|pwd|key|sig|cred|auth ]]; then out=; fi
  most=$((most - ${#name} - 1))
  if ((${#out} > most)); then out=${out##*/}; fi
  if ((${#out} > most)); then out=${out: -most}; fi
  setting spark.app.name "$name${out:+ $out}"
}

# monitoring_settings: --metrics and --event-log.
monitoring_settings() {
  if [[ $metrics == yes ]]; then setting spark.involution.metrics 9404; fi
  if [[ -n $event_log ]]; then
    if [[ $event_log != *:* ]]; then # Spark does not create it
      ! in_cluster_mode || die 2 "with --deploy-mode cluster, --event-log needs a folder on a file system that the" \
        "cluster shares, such as hdfs:///spark-events, or file:///FOLDER where every host has that one"
      event_log=$(readlink -m -- "$event_log")
      [[ $dry_run == yes ]] || (umask 077 && mkdir -p -- "$event_log") || die 2 "--event-log: give another folder"
    fi
    setting spark.eventLog.enabled true
    setting spark.eventLog.dir "$event_log"
  fi
}

# security_settings: Spark's processes accept only those that know the run's secret. On a standalone cluster, master
# and workers would have to know it too.
security_settings() {
  if [[ $target != standalone && -z $(chosen spark.authenticate) ]]; then
    setting spark.authenticate true
  fi
  if [[ $encrypt == yes ]]; then
    [[ $target != standalone || $(chosen spark.authenticate) == true ]] || die 2 "--encrypt needs" \
      "spark.authenticate and spark.authenticate.secret in $properties and on the cluster's hosts"
    setting spark.network.crypto.enabled true
    setting spark.io.encryption.enabled true
  fi
}

# add_secret: a new secret for a local-cluster, the only master besides standalone's for which Spark makes none. It
# is in no command line, and Spark reads it through an open file.
add_secret() {
  ! lacks_secret || unnamed_settings settings_with_secret
}

lacks_secret() {
  [[ $(chosen spark.master --master) == local-cluster* && $(chosen spark.authenticate) != false &&
    -z $(chosen spark.authenticate.secret) ]]
}

# tell_secret: what the line of --dry-run needs beside its words.
tell_secret() {
  ! lacks_secret || say "a secret of its own is made for every run and stands in no line: to start this one by hand, add a" \
    "line \"spark.authenticate.secret SECRET\" to a copy of $properties that only you can read, and name it"
}

settings_with_secret() {
  cat -- "$properties" &&
    printf '\nspark.authenticate.secret %s\n' "$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')"
}
