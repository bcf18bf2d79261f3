# Of one crate ($crate): the longest input that is tried, and the length below which one is short enough to be kept.
case $crate in
  gs1) longest=4096 short=300 ;;
  epcis) longest=8192 short=1500 ;;
  *) echo "no fuzz targets in crates/$crate" >&2; exit 2 ;;
esac
