# Runs the R scripts of an export in the current folder, holds each against what PSPP made of the same table, and
# writes it as NAME.r.sav. Called by check_export.py: Rscript check_export.R FOLDER NAME...
args <- commandArgs(trailingOnly = TRUE)
plain <- function(x) {
  x <- haven::zap_formats(haven::zap_labels(haven::zap_label(haven::zap_widths(x))))
  if (is.character(x)) x <- sub(" +$", "", ifelse(is.na(x), "", x))
  if (is.logical(x)) x <- as.numeric(x)
  attributes(x) <- NULL
  x
}
# PSPP keeps labels in an order of its own, and pads their values, as it does all texts.
labels_of <- function(x) {
  labels <- attr(x, "labels")
  if (is.character(labels)) labels[] <- sub(" +$", "", labels)
  if (is.null(labels)) NULL else labels[order(labels, method = "radix")]
}
for (name in args[-1]) {
  source(paste0(name, ".R"), encoding = "UTF-8")
  here <- get(name)
  there <- haven::read_sav(file.path(args[1], paste0(name, ".sav")))
  stopifnot(identical(names(here), names(there)), nrow(here) == nrow(there))
  for (column in names(here)) {
    one <- here[[column]]
    two <- there[[column]]
    if (!identical(attr(one, "label"), attr(two, "label"))) stop(name, ".", column, ": label")
    # What is longer than SPSS takes is cut there.
    ours <- labels_of(one)
    theirs <- labels_of(two)
    cut <- !identical(names(ours), names(theirs)) && max(0, nchar(names(ours), "bytes")) > 120
    if (is.character(one) && (!identical(unname(ours), unname(theirs)) ||
                              !all(if (cut) startsWith(names(ours), names(theirs)) else names(ours) == names(theirs)))) {
      stop(name, ".", column, ": labels of values")
    }
    if (!isTRUE(all.equal(plain(one), plain(two), tolerance = 1e-14))) stop(name, ".", column, ": values")
    class_wanted <- if (inherits(two, "POSIXct")) "POSIXct" else if (inherits(two, "Date")) "Date" else NULL
    if (!is.null(class_wanted) && !inherits(one, class_wanted)) stop(name, ".", column, ": class")
  }
  # haven writes labels of values that are too long for SPSS into a file that nobody reads.
  here[] <- lapply(here, haven::zap_labels)
  haven::write_sav(here, file.path(args[1], paste0(name, ".r.sav")))
}
