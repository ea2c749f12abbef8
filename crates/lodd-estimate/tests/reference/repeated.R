# Values for repeated measurements: Rscript repeated.R writes repeated_cases.csv, 24 made-up trials of subjects in
# groups, measured at up to four periods with some missing, and repeated_values.csv. With Debian's geepack, lme4,
# lmerTest, estimatr, clubSandwich and mvtnorm.
suppressPackageStartupMessages({ library(geepack); library(lmerTest); library(estimatr); library(clubSandwich); library(mvtnorm) })
set.seed(20201124)
made <- function(id) repeat {
  G <- 2 * sample(5:7, 1); z <- sample(rep(0:1, G / 2)); subjects <- rep(seq_len(G), sample(1:4, G, TRUE)); n <- length(subjects)
  t <- expand.grid(period = 1:4, subject = seq_len(n)); t$group <- subjects[t$subject]; t$z <- z[t$group]
  t <- t[runif(nrow(t)) > .15 | t$period == 1, ]
  own <- rnorm(n); level <- rnorm(G)
  t$x1 <- round(rnorm(n), 1)[t$subject]
  signal <- .4 * t$x1 + .7 * own[t$subject] + .8 * level[t$group] + .2 * t$period * t$z
  t$y <- round(2 + signal + rnorm(nrow(t)), 1); t$i <- as.integer(runif(nrow(t)) < plogis(signal)); t$count <- rpois(nrow(t), exp(.2 + .4 * signal))
  if (all(table(t$i, t$z) > 3) && all(table(t$period, t$z) > 3)) return(cbind(dataset = id, t[c("subject", "group", "period", "z", "x1", "y", "i", "count")]))
}
all <- do.call(rbind, lapply(1:24, made))
write.csv(all, "repeated_cases.csv", row.names = FALSE, quote = FALSE)
source("values.R")
trials <- all

# Mancl and DeRouen's correction by its definition: residuals times the inverse of I - H of a subject.
corrected <- function(fit, t, y, distribution, alpha) {
  x <- model.matrix(fit); mu <- fitted(fit)
  v <- switch(distribution, binomial = mu * (1 - mu), gaussian = rep(1, length(mu)), mu); slope <- if (distribution == "gaussian") rep(1, length(mu)) else v
  h <- 0; parts <- list()
  for (i in unique(t$subject)) {
    at <- t$subject == i; n <- sum(at); d <- slope[at] * x[at, , drop = FALSE]; root <- diag(sqrt(v[at]), n)
    w <- root %*% (diag(1 - alpha, n) + alpha) %*% root
    h <- h + t(d) %*% solve(w) %*% d; parts[[length(parts) + 1]] <- list(d = d, w = w, e = (y - mu)[at])
  }
  m <- solve(h); b <- 0
  for (p in parts) { g <- t(p$d) %*% solve(p$w) %*% solve(diag(length(p$e)) - p$d %*% m %*% t(p$d) %*% solve(p$w)) %*% p$e; b <- b + g %*% t(g) }
  m %*% b %*% m
}
tight <- geese.control(epsilon = 1e-13, maxit = 500)
bobyqa <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-11, maxfun = 1e5), check.conv.singular = "ignore", calc.derivs = TRUE)

for (id in unique(trials$dataset)) {
  t <- trials[trials$dataset == id, ]
  for (distribution in c("binomial", "gaussian", "poisson")) for (corstr in c("independence", "exchangeable")) {
    y <- c(binomial = "i", gaussian = "y", poisson = "count")[[distribution]]; t$out <- t[[y]]
    fit <- geeglm(out ~ z + x1, id = subject, data = t, family = distribution, corstr = corstr, control = tight)
    alpha <- if (corstr == "exchangeable") fit$geese$alpha else 0
    if (fit$geese$error != 0 || abs(alpha) > .9) next
    words <- paste0("gee y=", y, " z=z subject=subject covariates=x1 distribution=", distribution, " corstr=", corstr)
    s <- summary(fit)$coefficients
    normal(id, paste(words, "correction=none"), "z", s["z", 1], s["z", 2]); normal(id, paste(words, "correction=none"), "x1", s["x1", 1], s["x1", 2])
    if (corstr == "exchangeable") add(id, paste(words, "correction=none"), "alpha", alpha)
    normal(id, paste(words, "correction=mancl_derouen"), "z", s["z", 1], sqrt(corrected(fit, t, t$out, distribution, alpha)["z", "z"]))
  }
  # Random intercepts.
  for (groups in c("group", "group+subject")) {
    model <- if (groups == "group") y ~ x1 + z + (1 | group) else y ~ x1 + z + (1 | group) + (1 | subject)
    fit <- suppressMessages(suppressWarnings(lmer(model, t, control = bobyqa))); v <- as.data.frame(VarCorr(fit))
    # At a variance of 0 the Satterthwaite df take it as known here, and lmerTest as estimated.
    if (any(v$vcov < 1e-3)) next
    case <- paste0("mixed y=y z=z covariates=x1 groups=", groups); s <- summary(fit, ddf = "Satterthwaite")$coefficients
    for (it in c(z = "z", x1 = "x1")) { q <- qt(.975, s[it, 3]) * s[it, 2]; add(id, case, it, s[it, 1], s[it, 2], s[it, 4], s[it, 3], s[it, 5], s[it, 1] - q, s[it, 1] + q) }
    for (it in v$grp[v$grp != "Residual"]) add(id, case, paste0("var[", it, "]"), v$vcov[v$grp == it]); add(id, case, "var[residual]", v$vcov[v$grp == "Residual"])
  }
  # Effects by period, with the quantile of the largest of correlated normals.
  case <- "event_study z=z period=period cluster=group replicates=20000"
  t$period <- factor(t$period); fit <- lm_robust(y ~ 0 + period + period:z, t, clusters = group); at <- paste0("period", 1:4, ":z")
  for (it in 1:4) add(id, case, paste0("z@", it), fit$coefficients[[at[it]]], fit$std.error[[at[it]]], fit$statistic[[at[it]]], fit$df[[at[it]]], fit$p.value[[at[it]]], fit$conf.low[[at[it]]], fit$conf.high[[at[it]]])
  mean <- lapply(1, function(it) { plain <- lm(y ~ 0 + period + period:z, t); v <- vcovCR(plain, cluster = t$group, type = "CR2"); w <- as.numeric(grepl(":z", names(coef(plain)))) / 4
    l <- linear_contrast(plain, v, cluster = t$group, contrasts = matrix(w, 1)); add(id, case, "z", l$Est, l$SE, l$Est / l$SE, l$df); v })[[1]]
  corr <- cov2cor(mean[at, at]); set.seed(id)
  q <- qmvnorm(.95, tail = "both.tails", corr = corr, algorithm = GenzBretz(abseps = 1e-5))$quantile
  for (it in 1:4) {
    b <- fit$coefficients[[at[it]]]; se <- fit$std.error[[at[it]]]; m <- abs(b / se)
    add(id, case, paste0("band@", it), low = b - q * se, high = b + q * se, p = 1 - pmvnorm(rep(-m, 4), rep(m, 4), corr = corr, algorithm = GenzBretz(abseps = 1e-6))[1])
  }
}
write_values("repeated_values.csv")
