# Values for times to an event on the trials of trials.R: Rscript survival.R writes survival_values.csv.
# With Debian's survival and numDeriv; Turnbull's curve by self-consistency, for as long as it takes.
source("values.R")
suppressPackageStartupMessages({ library(survival); library(numDeriv) })
# Short rows: the test and the statistic follow from these.
normal <- function(id, case, term, b, se) add(id, case, term, b, se, low = b - qnorm(.975) * se, high = b + qnorm(.975) * se)
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50)

# Masses of the innermost intervals, and the inverse information of those above 0.
turnbull <- function(low, high) {
  cells <- merge(data.frame(q = unique(low)), data.frame(p = unique(high)))
  cells <- cells[cells$q < cells$p & !mapply(function(q, p) any(c(low, high) > q & c(low, high) < p), cells$q, cells$p), ]
  cells <- cells[order(cells$q), ]
  inside <- outer(low, cells$q, "<=") & outer(high, cells$p, ">=")
  mass <- rep(1 / nrow(cells), nrow(cells))
  for (i in 1:20000) { new <- mass * colMeans(inside / drop(inside %*% mass)); if (max(abs(new - mass)) < 1e-15) break; mass <- new }
  keep <- which(mass > 1e-8); m <- length(keep)
  d <- (inside[, keep[-m], drop = FALSE] - inside[, keep[m]]) / drop(inside %*% mass)
  list(cells = cells[keep, ], mass = mass[keep], v = solve(crossprod(d)))
}

for (id in unique(trials$dataset)) {
  t <- trials[trials$dataset == id, ]; k <- t[!is.na(t$x1), ]; sv <- with(t, Surv(time, e))
  for (type in c("log", "log-log", "plain")) {
    case <- paste0("kaplan_meier y=time z=u event=e times=6+15 conf_type=", type)
    fit <- survfit(sv ~ u, t, conf.type = type); s <- summary(fit, times = c(6, 15)); it <- data.frame(s[c("surv", "std.err", "lower", "upper")])
    for (arm in 0:1) if (nrow(it) == 4) for (at in 1:2) { r <- it[2 * arm + at, ]; add(id, case, paste0("survival@", c(6, 15)[at], "[", arm, "]"), r$surv, r$std.err, low = r$lower, high = r$upper) }
    if (type == "log" && nrow(it) == 4) for (at in 1:2) normal(id, case, paste0("difference@", c(6, 15)[at]), it$surv[2 + at] - it$surv[at], sqrt(it$std.err[2 + at]^2 + it$std.err[at]^2))
    m <- quantile(fit, .5)
    if (type == "log") for (arm in 0:1) add(id, case, paste0("median[", arm, "]"), m$quantile[arm + 1], low = m$lower[arm + 1], high = m$upper[arm + 1])
  }
  for (words in c("", " strata=s", " block=b")) {
    lr <- if (words == "") survdiff(sv ~ u, t) else if (words == " strata=s") survdiff(sv ~ u + strata(s), t) else survdiff(sv ~ u + strata(b), t)
    case <- paste0("logrank y=time z=u event=e", words); total <- function(x) rowSums(as.matrix(x))
    add(id, case, "chisq", statistic = lr$chisq, p = pchisq(lr$chisq, 1, lower.tail = FALSE))
    if (words == "") for (arm in 0:1) { of <- c("control", "treated")[arm + 1]; add(id, case, paste0("observed_", of), total(lr$obs)[arm + 1]); add(id, case, paste0("expected_", of), total(lr$exp)[arm + 1]) }
  }
  cox <- function(words, fit) {
    case <- paste("cox y=time event=e", words); b <- coef(fit)["arm"]; at <- match("arm", names(coef(fit)))
    normal(id, case, "z", b, sqrt(fit$var[at, at])); add(id, case, "hazard_ratio", exp(b))
    normal(id, case, "x1", coef(fit)["x1"], sqrt(fit$var[match("x1", names(coef(fit))), match("x1", names(coef(fit)))]))
    add(id, case, "loglik", fit$loglik[2]); add(id, case, "loglik_null", fit$loglik[1])
    ph <- cox.zph(fit, transform = "km", global = FALSE)$table; add(id, case, "ph_test", statistic = ph["arm", 1], p = ph["arm", 3])
  }
  k$arm <- k$u
  for (ties in c("efron", "breslow"))
    cox(paste0("z=u covariates=x1 strata=s vcov=information ties=", ties), coxph(Surv(time, e) ~ x1 + arm + strata(s), k, ties = ties, control = tight))
  cox("z=u covariates=x1 vcov=HC ties=efron", coxph(Surv(time, e) ~ x1 + arm, k, ties = "efron", robust = TRUE, control = tight))
  k$arm <- k$z; cox("z=z covariates=x1 cluster=cl ties=breslow", coxph(Surv(time, e) ~ x1 + arm, k, ties = "breslow", cluster = cl, control = tight))
  # Restricted means, up to a time that both arms are followed to.
  tau <- 12
  if (all(tapply(t$time, t$u, max) >= tau)) {
    tab <- summary(survfit(sv ~ u, t), rmean = tau)$table; m <- tab[, grep("rmean$", colnames(tab))]; s <- tab[, grep("se\\(rmean\\)", colnames(tab))]
    case <- "rmst y=time z=u event=e tau=12"
    normal(id, case, "difference", m[2] - m[1], sqrt(sum(s^2))); add(id, case, "rmst_treated", m[2], s[2]); add(id, case, "rmst_control", m[1], s[1])
    se <- sqrt(sum((s / m)^2)); add(id, case, "ratio", m[2] / m[1], se, low = m[2] / m[1] * exp(-qnorm(.975) * se), high = m[2] / m[1] * exp(qnorm(.975) * se))
  }
  # Competing exits.
  case <- "cumulative_incidence y=time z=u event=e competing=k times=6+15"
  s <- summary(survfit(Surv(time, factor(e + 2 * k, 0:2)) ~ u, t), times = c(6, 15))
  # Both arms must be seen until day 15.
  if (nrow(s$pstate) == 4) for (arm in 0:1) for (at in 1:2) for (exit in 1:2)
    add(id, case, paste0(c("incidence@", "competing@")[exit], c(6, 15)[at], "[", arm, "]"), s$pstate[2 * arm + at, exit + 1], s$std.err[2 * arm + at, exit + 1])
  if (nrow(s$pstate) == 4) for (at in 1:2) normal(id, case, paste0("difference@", c(6, 15)[at]), s$pstate[2 + at, 2] - s$pstate[at, 2], sqrt(s$std.err[2 + at, 2]^2 + s$std.err[at, 2]^2))
  # Snapshots.
  case <- "turnbull y=low z=u high=high times=4+8+14"
  arms <- lapply(0:1, function(arm) turnbull(t$low[t$u == arm], t$high[t$u == arm]))
  of <- function(it, at) { last <- nrow(it$cells); w <- as.numeric(it$cells$p <= at)[-last] - (it$cells$p[last] <= at); c(sum(it$mass[it$cells$p > at]), sqrt(drop(w %*% it$v %*% w))) }
  for (at in c(4, 8, 14)) {
    both <- sapply(arms, of, at); for (arm in 0:1) if (both[2, arm + 1] > 1e-6) add(id, case, paste0("survival@", at, "[", arm, "]"), both[1, arm + 1], both[2, arm + 1])
    if (all(both[2, ] > 1e-6)) add(id, case, paste0("difference@", at), both[1, 2] - both[1, 1], sqrt(sum(both[2, ]^2)))
  }
  # Hazards between snapshots: the likelihood of the intervals, climbed by Newton's steps.
  ends <- sort(unique(k$high[is.finite(k$high)]))
  minus <- function(b) {
    m <- length(ends); eta <- exp(b[m + 1] * k$u + b[m + 2] * k$x1)
    s <- function(at) exp(-eta * sapply(at, function(at) sum(exp(b[seq_len(m)])[ends <= at])))
    -sum(log(s(k$low) - ifelse(is.finite(k$high), s(k$high), 0)))
  }
  b <- optim(c(rep(-1.5, length(ends)), 0, 0), minus, method = "BFGS", control = list(reltol = 1e-14, maxit = 1000))$par
  if (max(abs(b)) < 6) {
    for (i in 1:6) b <- b - drop(solve(hessian(minus, b), grad(minus, b)))
    v <- solve(hessian(minus, b)); m <- length(ends); case <- "discrete_hazard y=low z=u high=high covariates=x1"
    normal(id, case, "z", b[m + 1], sqrt(v[m + 1, m + 1])); normal(id, case, "x1", b[m + 2], sqrt(v[m + 2, m + 2])); add(id, case, "loglik", -minus(b))
  }
}
write_values("survival_values.csv")
