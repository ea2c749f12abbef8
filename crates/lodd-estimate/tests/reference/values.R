# What the peers' scripts share: the made-up trials, and the table they write. A case is an estimator with
# the words of a plan: which columns, which options.
trials <- read.csv("trials_cases.csv", stringsAsFactors = FALSE)
rows <- list()
add <- function(id, case, term, estimate = NA, std_error = NA, statistic = NA, df = NA, p = NA, low = NA, high = NA) {
  value <- function(it) if (length(it) == 0 || is.na(it) || is.infinite(it)) "" else sprintf("%.10g", it)
  rows[[length(rows) + 1]] <<- c(dataset = id, case = case, term = term, estimate = value(estimate), std_error = value(std_error),
    statistic = value(statistic), df = value(df), p_value = value(p), conf_low = value(low), conf_high = value(high))
}
write_values <- function(file) write.csv(do.call(rbind, rows), file, row.names = FALSE, quote = FALSE)
# Estimate, standard error and a normal test and interval of 95 %.
normal <- function(id, case, term, b, se) {
  b <- unname(b); se <- unname(se)
  add(id, case, term, b, se, b / se, p = 2 * pnorm(-abs(b / se)), low = b - qnorm(.975) * se, high = b + qnorm(.975) * se)
}
