# The entries of expected.json and models_expected.json made again from their specs: Rscript expected.R writes
# expected_again.csv, a row for each stored number with its tolerance and what it is now (nothing where it is not made).
# With Debian's jsonlite, estimatr, clubSandwich, sandwich, coin, survival and geepack; enumerations, bounds and the
# bootstraps are written out by definition. What an entry expects is not read before its numbers are made.
suppressPackageStartupMessages({ library(clubSandwich); library(coin); library(estimatr); library(survival) })

# Rows -----------------------------------------------------------------------------------------------
# The rows whose block has at least so many rows in each arm.
with_arms <- function(d, block, arm, least) d[apply(table(d[[block]], d[[arm]]) >= least, 1, all)[as.character(d[[block]])], ]
phrases <- list(
  "pair has both arms" = function(d, s) with_arms(d, "pair", s$treatment, 1),
  "blocks with >=2 in each arm" = function(d, s) with_arms(d, "school", s$treatment, 2),
  "as v-star-dim-block and covariates observed" = function(d, s) with_arms(d, "school", s$treatment, 2),
  "school_id among the 12 smallest ids" = function(d, s) d[d$school_id %in% head(sort(unique(d$school_id)), 12), ])
# What the filter keeps: phrases as above, all else a condition in R.
rows <- function(entry, outcome = entry$spec[["outcome"]]) {
  d <- read.csv(entry$dataset, stringsAsFactors = FALSE); s <- entry$spec
  if (!is.null(outcome) && outcome %in% names(d)) d <- d[!is.na(d[[outcome]]), ]
  for (part in if (is.null(s$filter)) NULL else strsplit(s$filter, " & ", fixed = TRUE)[[1]])
    d <- if (is.null(phrases[[part]])) d[eval(parse(text = part), d), ] else phrases[[part]](d, s)
  d
}
value <- function(text, d) as.numeric(eval(parse(text = text), d))
# The terms of a formula: a product of columns is one column.
terms_of <- function(words) vapply(words, function(it) if (grepl("^[0-9]", it)) paste0("I(", it, ")") else it, "")
on <- function(outcome, ...) reformulate(terms_of(c(...)), outcome)
`%||%` <- function(a, b) if (is.null(a)) b else a
column <- function(d, name) if (is.null(name)) NULL else d[[name]]

# What is compared of a fit ----------------------------------------------------------------------------
robust <- function(fit, term) {
  one <- function(it) unname(fit[[it]][if (length(fit[[it]]) > 1) term else 1])
  list(estimate = one("coefficients"), std_error = one("std.error"), statistic = one("statistic"), p = one("p.value"), conf_low = one("conf.low"),
    conf_high = one("conf.high"), df = one("df"), nobs = fit$nobs)
}
normal <- function(b, se) list(estimate = b, std_error = se, statistic = b / se, p = 2 * pnorm(-abs(b / se)), conf_low = b - qnorm(.975) * se, conf_high = b + qnorm(.975) * se)

make <- list()

# Regressions and means --------------------------------------------------------------------------------
make$lm_robust <- function(e) { d <- rows(e); s <- e$spec
  formula <- on(s$outcome, s$treatment, unlist(s$covariates))
  if (is.null(s$fixed_effects)) return(robust(lm_robust(formula, d, se_type = s$se_type), s$treatment))
  d$.effects <- factor(d[[s$fixed_effects]])
  robust(lm_robust(formula, d, fixed_effects = ~.effects, se_type = s$se_type), s$treatment)
}
make$lin <- function(e) { d <- rows(e); s <- e$spec
  robust(lm_lin(on(s$outcome, s$treatment), covariates = on(NULL, unlist(s$covariates)), data = d, se_type = s$se_type), s$treatment)
}
# The source kept the blocks of v-star-dim-block here too: its nobs says so.
make$interaction <- function(e) { e$spec$filter <- "blocks with >=2 in each arm"; d <- rows(e); s <- e$spec
  term <- paste0(s$treatment, ":", s$moderator)
  robust(lm_robust(on(s$outcome, s$treatment, s$moderator, term), d, se_type = s$se_type), term)
}
make$lm_robust_cluster <- function(e) { d <- rows(e); s <- e$spec
  formula <- on(s$outcome, s$treatment, unlist(s$covariates)); d$.cluster <- d[[s$clusters]]
  if (!grepl("clubSandwich", e$tool)) return(robust(lm_robust(formula, d, clusters = .cluster, se_type = s$se_type), s$treatment))
  fit <- lm(formula, d); v <- vcovCR(fit, cluster = d$.cluster, type = s$se_type)
  test <- coef_test(fit, v, test = "Satterthwaite", coefs = s$treatment); ends <- conf_int(fit, v, test = "Satterthwaite", coefs = s$treatment)
  list(estimate = test$beta, std_error = test$SE, statistic = test$tstat, df = test$df_Satt, p = test$p_Satt, conf_low = ends$CI_L, conf_high = ends$CI_U)
}
make$difference_in_means <- function(e) { s <- e$spec
  if (grepl("reshape long", s$design %||% "")) {
    wide <- read.csv(e$dataset); d <- data.frame(pair = wide$pair, height = c(wide$cross, wide$self), cross = rep(1:0, each = nrow(wide)))
  } else d <- rows(e)
  d$.cluster <- column(d, s$clusters); d$.block <- column(d, s$blocks)
  f <- on(s$outcome, s$treatment); c <- !is.null(s$clusters); b <- !is.null(s$blocks)
  fit <- if (c && b) difference_in_means(f, d, blocks = .block, clusters = .cluster) else if (c) difference_in_means(f, d, clusters = .cluster) else
    if (b) difference_in_means(f, d, blocks = .block) else difference_in_means(f, d)
  robust(fit, s$treatment)
}
make$iv_2sls <- function(e) { d <- rows(e); s <- e$spec; x <- paste(c("1", unlist(s$covariates)), collapse = " + ")
  robust(iv_robust(as.formula(paste(s$outcome, "~", s$endogenous, "+", x, "|", s$instrument, "+", x)), d, se_type = s$se_type), s$endogenous)
}
make$late_wald <- function(e) { d <- rows(e); s <- e$spec
  slope <- function(y) unname(coef(lm(on(y, s$assignment), d))[2])
  c(robust(iv_robust(as.formula(paste(s$outcome, "~", s$takeup, "|", s$assignment)), d, se_type = s$se_type), s$takeup), list(itt = slope(s$outcome), first_stage = slope(s$takeup)))
}

# Multiplicity: the q values of Anderson (2008), the smallest q of the grid at which the two steps of Benjamini, Krieger
# and Yekutieli reject.
sharpened <- function(p) {
  m <- length(p); sorted <- sort(p)
  rejected <- function(q) { below <- which(sorted <= q * seq_len(m) / m); if (length(below)) max(below) else 0 }
  q <- rep(1, m)
  for (level in (1000:1) / 1000) { first <- level / (1 + level); q[rank(p) <= rejected(first * m / (m - rejected(first)))] <- level }
  q
}
make$p_adjust <- function(e) { d <- rows(e); s <- e$spec
  p <- sapply(s$outcomes, function(it) { d$.y <- value(it, d); lm_robust(on(".y", s$treatment), d, se_type = s$se_type)$p.value[[s$treatment]] })
  adjusted <- function(how) p.adjust(p, how)
  list(p_raw = p, bonferroni = adjusted("bonferroni"), holm = adjusted("holm"), hochberg = adjusted("hochberg"), BH = adjusted("BH"), BY = adjusted("BY"), anderson_q = sharpened(p))
}

# Every assignment, every sign ---------------------------------------------------------------------------
# The sums of the differences under each of the 2^n assignments of signs.
signed <- function(d) { sums <- 0; for (it in d) sums <- c(sums + it, sums - it); sums }
rounding <- 1e-9
make$ri_exact_pairs <- function(e) { s <- e$spec; d <- rows(e)
  difference <- if (is.null(s$difference)) {
    schools <- aggregate(d$Bagrut_status, list(pair = d[[s$blocks]], school = d[[s$clusters]], arm = d[[s$treatment]]), mean)
    mean_of <- function(arm) tapply(schools$x[schools$arm == arm], schools$pair[schools$arm == arm], mean)
    mean_of(1) - mean_of(0)
  } else value(s$difference, d)
  two <- function(d) { all <- signed(d); sum(abs(all) >= abs(sum(d)) - rounding) }
  all <- signed(difference); upper <- sum(all >= sum(difference) - rounding)
  # The interval is {tau: p(tau) > .05}; its ends by halving, from the estimate out.
  end <- function(out) { near <- mean(difference); for (it in 1:60) { at <- (near + out) / 2; if (two(difference - at) / length(all) > .05) near <- at else out <- at }; near }
  ends <- if (is.null(s$difference)) list() else list(conf_low = end(min(difference) - 1), conf_high = end(max(difference) + 1))
  c(list(estimate = mean(difference), p = two(difference) / length(all), p_upper = upper / length(all), count_two = two(difference), count_upper = upper, assignments = length(all)), ends)
}
make$ri_exact_complete <- function(e) { d <- rows(e); s <- e$spec; y <- d[[s$outcome]]; z <- d[[s$treatment]]
  difference <- function(treated) mean(y[treated]) - mean(y[-treated])
  observed <- difference(which(z == 1)); all <- combn(length(y), sum(z), difference)
  fisher <- function(side) fisher.test(table(factor(z, c(1, 0)), factor(y, c(1, 0))), alternative = side)$p.value
  two <- sum(abs(all) >= abs(observed) - rounding)
  list(estimate = observed, p = two / length(all), p_lower = mean(all <= observed + rounding), count_two = two, assignments = length(all),
    fisher_p_two = fisher("two.sided"), fisher_p_less = fisher("less"))
}
# t by clusters' scores, without a correction: of column `at` of x, for each column of y.
t_cr0 <- function(x, y, at, cluster) {
  a <- solve(crossprod(x)); b <- a %*% crossprod(x, y); scores <- drop(x %*% a[, at]) * (y - x %*% b)
  b[at, ] / sqrt(colSums(if (is.null(cluster)) scores^2 else rowsum(scores, cluster)^2))
}
make$wild_cluster_bootstrap <- function(e) { d <- rows(e); s <- e$spec; y <- d[[s$outcome]]; cluster <- factor(d[[s$clusters]]); g <- nlevels(cluster)
  x <- cbind(1, d[[s$covariates]], d[[s$treatment]]); null <- lm.fit(x[, -3], y)
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), g))); flips <- t(signs)[as.integer(cluster), ]
  drawn <- abs(t_cr0(x, null$fitted.values + flips * null$residuals, 3, cluster)); observed <- t_cr0(x, cbind(y), 3, cluster)
  list(statistic_cr0 = observed, p_ge = mean(drawn >= abs(observed) - rounding), p_gt = mean(drawn > abs(observed) + rounding), draws = length(drawn), clusters = g)
}
make$romano_wolf <- function(e) { d <- rows(e); s <- e$spec; draws <- 19999; x <- cbind(1, d[[s$treatment]]); n <- nrow(d)
  y <- sapply(s$outcomes, value, d); observed <- abs(t_cr0(x, y, 2, NULL))
  step <- order(-observed); beyond <- rep(0, length(step)); set.seed(2005)
  for (part in split(seq_len(draws), ceiling(seq_len(draws) / 2000))) {
    flips <- matrix(sample(c(-1, 1), n * length(part), replace = TRUE), n)
    drawn <- sapply(step, function(k) abs(t_cr0(x, mean(y[, k]) + flips * (y[, k] - mean(y[, k])), 2, NULL)))
    # At each step the largest of those that are not yet behind.
    for (k in seq_along(step)) beyond[k] <- beyond[k] + sum(apply(drawn[, k:length(step), drop = FALSE], 1, max) >= observed[step[k]])
  }
  p <- cummax((1 + beyond) / (draws + 1))
  list(t_cr0 = observed, p_romano_wolf = p[order(step)])
}

# Power --------------------------------------------------------------------------------------------------
make$power <- function(e) { s <- e$spec; t <- function(...) power.t.test(sd = s$sd, sig.level = s$alpha, ...)
  list(power_delta_0.3 = t(n = s$n_per_arm, delta = .3)$power, mde_80 = t(n = s$n_per_arm, power = .8)$delta, n_for_0.25 = t(delta = .25, power = .8)$n,
    power_prop_n200_.30_.42 = power.prop.test(n = 200, p1 = .30, p2 = .42, sig.level = s$alpha)$power)
}
make$design_effect <- function(e) { s <- e$spec; list(deff = 1 + ((s$cv^2 + 1) * s$mean_cluster - 1) * s$icc) }

# Missing outcomes -----------------------------------------------------------------------------------------
# The mean when the share q is taken off the top, the row at the cutoff in part.
trimmed <- function(y, q) { y <- sort(y); left <- (1 - q) * length(y); weight <- pmin(1, pmax(0, left - seq_along(y) + 1)); sum(weight * y) / left }
make$lee_bounds <- function(e) { s <- e$spec; d <- rows(e, NULL)
  y <- function(arm) d[[s$outcome]][d[[s$treatment]] == arm]; seen <- function(arm) y(arm)[!is.na(y(arm))]
  rate <- function(arm) mean(!is.na(y(arm)))
  more <- as.numeric(rate(1) > rate(0)); q <- 1 - rate(1 - more) / rate(more); less <- mean(seen(1 - more)); sign <- if (more == 1) 1 else -1
  ends <- sign * (c(trimmed(seen(more), q), -trimmed(-seen(more), q)) - less)
  list(lower = min(ends), upper = max(ends), trim_share = q, response_t = rate(1), response_c = rate(0))
}
precise <- glm.control(epsilon = 1e-14, maxit = 100)
make$ipw_attrition <- function(e) { s <- e$spec; d <- rows(e, NULL)
  d$.weight <- 1 / fitted(glm(as.formula(sub("logit: ", "", s$response_model)), binomial, d, control = precise))
  robust(lm_robust(on(s$outcome, s$treatment), d, weights = .weight, se_type = s$se_type), s$treatment)
}

# Binary outcomes ------------------------------------------------------------------------------------------
make$logit_ame <- function(e) { d <- rows(e); s <- e$spec
  fit <- glm(on(s$outcome, s$treatment, unlist(s$covariates)), binomial, d, control = precise)
  v <- if (s$vcov == "HC0") sandwich::sandwich(fit) else vcov(fit)
  at <- function(arm) { x <- model.matrix(fit); x[, s$treatment] <- arm; p <- plogis(drop(x %*% coef(fit))); list(mean = mean(p), slope = colMeans(p * (1 - p) * x)) }
  slope <- at(1)$slope - at(0)$slope
  c(normal(at(1)$mean - at(0)$mean, sqrt(drop(slope %*% v %*% slope))),
    list(mean_p1 = at(1)$mean, mean_p0 = at(0)$mean, logit_coef = coef(fit)[[s$treatment]], logit_se = sqrt(vcov(fit)[s$treatment, s$treatment])))
}
make$risk_contrasts <- function(e) { d <- rows(e); s <- e$spec; z <- qnorm(.975)
  t <- table(factor(d[[s$treatment]], c(1, 0)), factor(d[[s$outcome]], c(1, 0))); n <- rowSums(t); p <- unname(t[, 1] / n); rd <- p[1] - p[2]; rr <- p[1] / p[2]
  wilson <- sapply(1:2, function(arm) prop.test(t[arm, 1], n[arm], correct = FALSE)$conf.int); se <- sqrt(sum(p * (1 - p) / n)); log_se <- sqrt(sum((1 - p) / (n * p)))
  list(risk_t = p[1], risk_c = p[2], rd = rd, rd_se_unpooled = se, rd_low_wald = rd - z * se, rd_high_wald = rd + z * se,
    rd_low_newcombe = rd - sqrt((p[1] - wilson[1, 1])^2 + (wilson[2, 2] - p[2])^2), rd_high_newcombe = rd + sqrt((wilson[2, 1] - p[1])^2 + (p[2] - wilson[1, 2])^2),
    rr = rr, rr_low_log = rr * exp(-z * log_se), rr_high_log = rr * exp(z * log_se), or = t[1, 1] * t[2, 2] / t[1, 2] / t[2, 1],
    chisq_p = chisq.test(t, correct = FALSE)$p.value, fisher_p = fisher.test(t)$p.value)
}
make$cmh <- function(e) { d <- rows(e); s <- e$spec
  t <- table(factor(d[[s$treatment]], c(1, 0)), factor(d[[s$outcome]], c(1, 0)), d[[s$blocks]])
  it <- mantelhaen.test(t, correct = FALSE); exact <- mantelhaen.test(t, exact = TRUE)
  list(or = it$estimate, chisq = it$statistic, p = it$p.value, exact_p_two = exact$p.value, exact_or = exact$estimate)
}
make$gee_logit <- function(e) { d <- rows(e); s <- e$spec; d$.id <- d[[s$id]]
  fit <- summary(geepack::geeglm(on(s$outcome, s$treatment, unlist(s$covariates)), binomial, d, id = .id, corstr = s$corstr)); it <- fit$coefficients[s$treatment, ]
  list(estimate = it$Estimate, std_error = it$Std.err, wald = it$Wald, p = it[["Pr(>|W|)"]], alpha = if (s$corstr == "independence") NULL else fit$corr$Estimate)
}

# Ranks ------------------------------------------------------------------------------------------------------
arms <- function(e) { d <- rows(e); split(d[[e$spec$outcome]], d[[e$spec$treatment]]) }
make$wilcoxon <- function(e) { y <- arms(e); test <- function(correct) wilcox.test(y[["0"]], y[["1"]], exact = FALSE, correct = correct)
  list(W_control = test(FALSE)$statistic, p_asymptotic = test(FALSE)$p.value, p_asymptotic_continuity = test(TRUE)$p.value)
}
make$quantile_difference <- function(e) { y <- arms(e); q <- function(p) quantile(y[["1"]], p, type = e$spec$type) - quantile(y[["0"]], p, type = e$spec$type)
  list(q25 = q(.25), q50 = q(.5), q75 = q(.75), q90 = q(.9))
}
make$paired_t <- function(e) { it <- t.test(value(e$spec$difference, rows(e)))
  list(estimate = it$estimate, statistic = it$statistic, df = it$parameter, p = it$p.value, conf_low = it$conf.int[1], conf_high = it$conf.int[2])
}
make$wilcoxon_signed_rank <- function(e) { d <- value(e$spec$difference, rows(e)); pair <- data.frame(d = d, none = 0)
  list(V = wilcox.test(d, exact = FALSE)$statistic, p_exact = pvalue(wilcoxsign_test(d ~ none, pair, distribution = "exact")), sign_test_p = binom.test(sum(d > 0), sum(d != 0))$p.value)
}

# Survival ---------------------------------------------------------------------------------------------------
lifetimes <- function(d, s) Surv(d[[s$time]], d[[s$event]])
make$kaplan_meier <- function(e) { s <- e$spec; d <- rows(e); d <- d[eval(parse(text = s$group), d), ]
  it <- summary(survfit(lifetimes(d, s) ~ 1, conf.type = s$conf_type), times = unlist(s$times))
  list(surv = it$surv, std_error = it$std.err, n_risk = it$n.risk, conf_low = it$lower, conf_high = it$upper)
}
make$kaplan_meier_median <- function(e) { s <- e$spec; d <- rows(e)
  it <- summary(survfit(lifetimes(d, s) ~ d[[s$group]], conf.type = s$conf_type))$table
  list(median = it[, "median"], conf_low = it[, "0.95LCL"], conf_high = it[, "0.95UCL"])
}
make$logrank <- function(e) { s <- e$spec; d <- rows(e); it <- survdiff(lifetimes(d, s) ~ d[[s$treatment]])
  list(chisq = it$chisq, p = pchisq(it$chisq, 1, lower.tail = FALSE), observed = it$obs, expected = it$exp)
}
make$cox <- function(e) { s <- e$spec; d <- rows(e); d$.life <- lifetimes(d, s)
  fit <- coxph(on(".life", s$treatment, unlist(s$covariates), if (is.null(s$strata)) NULL else paste0("strata(", s$strata, ")")), d, ties = s$ties)
  b <- coef(fit)[[s$treatment]]; it <- normal(b, sqrt(vcov(fit)[s$treatment, s$treatment]))
  c(it, list(hazard_ratio = exp(b), loglik = fit$loglik))
}
make$rmst <- function(e) { s <- e$spec; d <- rows(e)
  it <- summary(survfit(lifetimes(d, s) ~ d[[s$treatment]]), rmean = s$tau)$table; m <- unname(it[, "rmean"]); se <- unname(it[, "se(rmean)"])
  c(normal(m[2] - m[1], sqrt(sum(se^2))), list(rmst_t = m[2], se_t = se[2], rmst_c = m[1], se_c = se[1]))
}

# The table ------------------------------------------------------------------------------------------------
table_of <- function(file) do.call(rbind, lapply(jsonlite::fromJSON(file, simplifyVector = FALSE), function(entry) {
  how <- make[[entry$estimator]]
  now <- if (is.null(how)) NULL else tryCatch(how(entry[c("dataset", "estimator", "spec", "tool")]), error = function(it) { message(entry$id, ": ", conditionMessage(it)); NULL })
  do.call(rbind, lapply(names(entry$expected), function(field) {
    stored <- entry$expected[[field]]; n <- max(1, length(stored)); numbers <- unlist(stored)
    again <- if (!field %in% names(now)) rep("", n) else if (is.null(now[[field]])) "null" else sprintf("%.15g", unname(now[[field]]))
    # Another count of numbers is no match.
    if (length(again) != n) again <- rep("", n)
    within <- if (is.null(entry$tol$abs)) entry$tol$rel * abs(numbers %||% 0) else rep_len(unlist(entry$tol$abs), n)
    data.frame(file, id = entry$id, field = if (n == 1) field else paste0(field, ".", seq_len(n)), stored = if (is.null(stored)) "null" else sprintf("%.15g", numbers),
      tolerance = sprintf("%.3g", within), again)
  }))
}))
write.csv(rbind(table_of("expected.json"), table_of("models_expected.json")), "expected_again.csv", row.names = FALSE, quote = FALSE)
