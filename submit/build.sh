# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables are those of functions.sh, which sources this file
# What the submit scripts build with Maven under target/: the Spark home and the job jar.

set -euo pipefail

# locked FUNCTION ...: only one submit at a time builds in target/.
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

# Maven's output goes to stderr, because stdout belongs to the job. Maven must not inherit the lock.
maven() {
  command -v mvn >/dev/null || die 1 "mvn is not on the PATH: install Maven 3.8 or newer"
  (cd -- "$root" && exec mvn -B -q "$@" >&2 9>&-)
}

pom_property() { sed -nE "s:^ *<$1>(.*)</$1>$:\1:p" "$root/pom.xml" | head -n 1; }

spark_version=$(pom_property spark.version)        # of the Spark home that Maven puts together
scala_version=$(pom_property scala.binary.version) # its Scala
home_options=()                                    # for Maven, as submit/spark-home was given them

# The folder of the Spark home from Maven; other versions, jars, or scripts get another folder.
maven_spark_home() {
  local hash
  hash=$({
    printf '%s\n' "$spark_version" "$scala_version" "${home_options[@]}"
    cat -- "$root/submit/spark-home.xml" "$root"/submit/spark-home-bin/*
  } | sha256sum)
  printf '%s/target/spark-home-%s' "$root" "${hash:0:12}"
}

build_spark_home() {
  local home=$1 started=$SECONDS part with=("${home_options[@]}")
  [[ ! -d $home ]] || return 0 # another submit was faster
  if [[ $spark_version == 3.* ]]; then with+=(-Pspark-3); fi
  say "putting Spark $spark_version together in $home (once; the first time Maven downloads 300 MB)"
  rm -rf -- "$root"/target/spark-home-part.* # left by an interrupted run; we hold the lock
  part=$(mktemp -d "$root/target/spark-home-part.XXXXXX")
  chmod 755 "$part"
  if ! maven -f submit/spark-home.xml "${with[@]}" dependency:copy-dependencies -DincludeScope=runtime \
    -Dspark.version="$spark_version" -Dscala.binary.version="$scala_version" \
    -DoutputDirectory="$part/jars"; then
    rm -rf -- "$part"
    die 1 "Maven could not copy Spark's jars (see above): check the network connection, or set SPARK_HOME"
  fi
  mkdir "$part/bin"
  install -m 755 -- "$root"/submit/spark-home-bin/* "$part/bin"
  mv -T -- "$part" "$home"
  say "Spark home ready after $((SECONDS - started)) s"
}

# Sets SPARK_HOME to the user's, or to the one from Maven, which --dry-run does not build.
use_spark_home() {
  if [[ -n ${SPARK_HOME:-} ]]; then
    [[ -x $SPARK_HOME/bin/spark-submit ]] || die 2 "SPARK_HOME=$SPARK_HOME has no" \
      "bin/spark-submit: set it to a Spark 3.5.1 or newer, or unset it and Maven puts one together"
    return
  fi
  SPARK_HOME=$(maven_spark_home)
  if [[ $dry_run == no && ! -d $SPARK_HOME ]]; then locked build_spark_home "$SPARK_HOME"; fi
  export SPARK_HOME
}

is_fresh() {
  [[ -f $1 && -z $(find "$root/pom.xml" "$root/conf/plan.conf" "$root/src/main" -newer "$1" -print -quit) ]]
}

build_job_jar() {
  local jar=$1 started=$SECONDS stamp part profile=()
  ! is_fresh "$jar" || return 0 # another submit was faster
  if uses_nd4j_on_gpus; then profile=(-Pcuda); fi
  require_java "the job jar is built with" 17
  say "building $jar: it is missing or older than the sources"
  stamp=$(mktemp "$root/target/.submit-stamp.XXXXXX")
  # It gets its name when it is whole: an interrupted build leaves no torn jar, and a running job keeps the old one.
  part=part-$(basename -- "$jar" .jar)
  rm -f -- "$root/target/$part.jar"
  if ! maven "-Djob.jar=$part" "${profile[@]}" -DskipTests package; then
    rm -f -- "$stamp" "$root/target/$part.jar"
    die 1 "the job jar could not be built (see above)"
  fi
  # Dated to the start of the build, so that a source saved in the meantime counts as newer.
  touch -r "$stamp" -- "$root/target/$part.jar"
  mv -fT -- "$root/target/$part.jar" "$jar"
  rm -f -- "$stamp"
  say "job jar ready after $((SECONDS - started)) s"
}
