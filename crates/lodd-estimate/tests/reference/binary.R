# Values for binary, categorical and ordered outcomes on the trials of trials.R: Rscript binary.R writes
# binary_values.csv. With base R and Debian's sandwich, nnet, ordinal and numDeriv.
source("values.R")
suppressPackageStartupMessages({ library(sandwich); library(nnet); library(ordinal); library(numDeriv) })
precise <- glm.control(epsilon = 1e-15, maxit = 200)
information <- function(fit) { x <- model.matrix(fit); p <- plogis(drop(x %*% coef(fit))); solve(crossprod(x, p * (1 - p) * x)) }

# The conditional odds ratio and its interval, more exact than fisher.test and mantelhaen.test solve for them:
# the sum of the first cells given the margins of all tables.
conditional <- function(tables) {
  one <- function(t) { x <- max(0, t[1, 1] - t[2, 2]):min(sum(t[1, ]), sum(t[, 1])); list(least = x[1], log = dhyper(x, sum(t[, 1]), sum(t[, 2]), sum(t[1, ]), log = TRUE)) }
  parts <- lapply(tables, one); least <- sum(sapply(parts, function(it) it$least))
  ways <- Reduce(function(a, b) { out <- numeric(length(a) + length(b) - 1); for (i in seq_along(a)) out[i + seq_along(b) - 1] <- out[i + seq_along(b) - 1] + a[i] * b; out },
    lapply(parts, function(it) exp(it$log)))
  x <- least + seq_along(ways) - 1; seen <- sum(sapply(tables, function(t) t[1, 1]))
  p <- function(l) { w <- log(ways) + l * x; w <- exp(w - max(w)); w / sum(w) }
  root <- function(f) exp(uniroot(f, c(-12, 12), tol = 1e-14)$root)
  c(root(function(l) sum(p(l) * x) - seen), root(function(l) sum(p(l)[x >= seen]) - .025), root(function(l) sum(p(l)[x <= seen]) - .025))
}

for (id in unique(trials$dataset)) {
  t <- trials[trials$dataset == id, ]; y <- t[!is.na(t$i), ]; k <- y[!is.na(y$x1), ]
  two <- table(factor(y$u, 1:0), factor(y$i, 1:0)); x <- two[, 1]; n <- rowSums(two); p <- x / n
  case <- "risk y=i z=u"
  w <- lapply(1:2, function(a) as.vector(suppressWarnings(prop.test(x[a], n[a], correct = FALSE))$conf.int))
  add(id, case, "risk_treated", p[1], low = w[[1]][1], high = w[[1]][2])
  add(id, case, "risk_control", p[2], low = w[[2]][1], high = w[[2]][2])
  rd <- p[1] - p[2]; normal(id, case, "rd", rd, sqrt(sum(p * (1 - p) / n)))
  add(id, case, "rd_newcombe", rd, low = rd - sqrt((p[1] - w[[1]][1])^2 + (w[[2]][2] - p[2])^2), high = rd + sqrt((w[[1]][2] - p[1])^2 + (p[2] - w[[2]][1])^2))
  se <- sqrt(sum(1 / x - 1 / n)); rr <- p[1] / p[2]
  add(id, case, "rr", rr, se, low = rr * exp(-qnorm(.975) * se), high = rr * exp(qnorm(.975) * se))
  or <- two[1, 1] * two[2, 2] / two[1, 2] / two[2, 1]; se <- sqrt(sum(1 / two))
  add(id, case, "or", or, se, low = or * exp(-qnorm(.975) * se), high = or * exp(qnorm(.975) * se))
  ex <- fisher.test(two); it <- conditional(list(two))
  stopifnot(abs(it / c(ex$estimate, ex$conf.int) - 1) < 1e-2); add(id, case, "fisher", it[1], p = ex$p.value, low = it[2], high = it[3])
  chi <- suppressWarnings(chisq.test(two, correct = FALSE)); add(id, case, "chisq", statistic = chi$statistic, p = chi$p.value)
  case <- "cmh y=i z=u block=b"
  by <- table(factor(y$u, 1:0), factor(y$i, 1:0), y$b)
  mh <- mantelhaen.test(by, correct = FALSE); ex <- mantelhaen.test(by, exact = TRUE)
  add(id, case, "or", mh$estimate, low = mh$conf.int[1], high = mh$conf.int[2])
  add(id, case, "chisq", statistic = mh$statistic, p = mh$p.value)
  it <- conditional(lapply(seq_len(dim(by)[3]), function(b) by[, , b]))
  stopifnot(abs(it / c(ex$estimate, ex$conf.int) - 1) < 1e-2); add(id, case, "exact", it[1], p = ex$p.value, low = it[2], high = it[3])

  logit <- function(case, fit, v, name) {
    x <- model.matrix(fit); b <- coef(fit); x1 <- x; x1[, name] <- 1; x0 <- x; x0[, name] <- 0
    p1 <- plogis(drop(x1 %*% b)); p0 <- plogis(drop(x0 %*% b)); g <- colMeans(p1 * (1 - p1) * x1 - p0 * (1 - p0) * x0)
    normal(id, case, "z", mean(p1 - p0), sqrt(drop(t(g) %*% v %*% g)))
    add(id, case, "p_treated", mean(p1)); add(id, case, "p_control", mean(p0))
    normal(id, case, "coefficient", b[name], sqrt(v[name, name]))
    normal(id, case, "x1", b["x1"], sqrt(v["x1", "x1"]))
  }
  fit <- suppressWarnings(glm(i ~ x1 + f + u, binomial, k, control = precise)); by <- suppressWarnings(glm(i ~ x1 + z, binomial, k, control = precise))
  if (max(abs(coef(fit))) < 8 && max(abs(coef(by))) < 8) {
    logit("logit y=i z=u covariates=x1 factors=f vcov=information", fit, information(fit), "u")
    bread <- information(fit) * nobs(fit)
    logit("logit y=i z=u covariates=x1 factors=f vcov=HC", fit, bread %*% meat(fit) %*% bread / nobs(fit), "u")
    bread <- information(by) * nobs(by)
    logit("logit y=i z=z covariates=x1 cluster=cl", by, bread %*% meatCL(by, cluster = k$cl, type = "HC0", cadj = TRUE) %*% bread / nobs(by), "z")
  }

  # Categories.
  case <- "category y=one z=u category=g covariates=x2"
  tab <- table(t$g, factor(t$u, 1:0)); chi <- suppressWarnings(chisq.test(tab, correct = FALSE))
  few <- any(chi$expected < 5)
  add(id, case, "joint", statistic = chi$statistic, df = chi$parameter, p = if (few) fisher.test(tab)$p.value else chi$p.value)
  for (level in c("a", "b", "c")) {
    d <- t.test(as.numeric(t$g == level) ~ factor(t$u, 1:0))
    add(id, case, paste0("share[", level, "]"), d$estimate[1] - d$estimate[2], d$stderr, d$statistic, d$parameter, d$p.value, d$conf.int[1], d$conf.int[2])
  }
  # nnet's steps stop early: from where they do, Newton's on the likelihood.
  x <- cbind(1, t$x2, t$u); level <- match(t$g, c("a", "b", "c"))
  loglik <- function(b, x) { eta <- cbind(0, x %*% matrix(b, ncol = 2)); sum(eta[cbind(seq_along(level), level)] - log(rowSums(exp(eta)))) }
  derivatives <- function(b, x) {
    eta <- exp(cbind(0, x %*% matrix(b, ncol = 2))); p <- (eta / rowSums(eta))[, 2:3]; y <- cbind(level == 2, level == 3)
    h <- function(a, c) crossprod(x, p[, a] * ((a == c) - p[, c]) * x)
    list(g = c(crossprod(x, y - p)), h = rbind(cbind(h(1, 1), h(1, 2)), cbind(h(2, 1), h(2, 2))))
  }
  newton <- function(b, x) { for (it in 1:30) { d <- derivatives(b, x); b <- b + solve(d$h, d$g) }; b }
  start <- c(t(coef(multinom(g ~ x2 + u, t, trace = FALSE)))); b <- newton(start, x); b0 <- newton(c(t(coef(multinom(g ~ x2, t, trace = FALSE)))), x[, 1:2])
  stopifnot(max(abs(b - start)) < 1e-3)
  v <- solve(derivatives(b, x)$h)
  normal(id, case, "log_odds[b]", b[3], sqrt(v[3, 3])); normal(id, case, "log_odds[c]", b[6], sqrt(v[6, 6]))
  lr <- 2 * (loglik(b, x) - loglik(b0, x[, 1:2]))
  add(id, case, "joint_logit", statistic = lr, df = 2, p = pchisq(lr, 2, lower.tail = FALSE))
  case <- "category y=one z=u category=g block=s"
  by <- mantelhaen.test(table(t$g, t$u, t$s)); add(id, case, "joint", statistic = by$statistic, df = by$parameter, p = by$p.value)

  # Ordered levels.
  case <- "ordered_logit y=o z=u covariates=x2"
  fit <- clm(factor(o) ~ x2 + u, data = t, control = clm.control(gradTol = 1e-12, maxIter = 200L))
  cuts <- length(fit$alpha); b <- coef(fit)
  ll <- function(b, row = seq_len(nrow(t))) {
    theta <- c(-Inf, b[seq_len(cuts)], Inf); eta <- t$x2[row] * b[cuts + 1] + t$u[row] * b[cuts + 2]; at <- match(t$o[row], sort(unique(t$o)))
    log(plogis(theta[at + 1] - eta) - plogis(theta[at] - eta))
  }
  scores <- jacobian(ll, b); v <- vcov(fit)
  normal(id, case, "z", b["u"], sqrt(v["u", "u"])); normal(id, case, "x2", b["x2"], sqrt(v["x2", "x2"]))
  normal(id, case, "cut[0]", b["0|1"], sqrt(v["0|1", "0|1"])); add(id, case, "loglik", as.numeric(logLik(fit)))
  share <- function(b, level) {
    theta <- c(-Inf, b[seq_len(cuts)], Inf)
    p <- function(z) { eta <- t$x2 * b[cuts + 1] + z * b[cuts + 2]; plogis(theta[level + 2] - eta) - plogis(theta[level + 1] - eta) }
    mean(p(1) - p(0))
  }
  for (level in c(0, 2)) { g <- grad(share, b, level = level); normal(id, case, paste0("share[", level, "]"), share(b, level), sqrt(drop(g %*% v %*% g))) }
  robust <- v %*% crossprod(scores) %*% v
  normal(id, paste(case, "vcov=HC"), "z", b["u"], sqrt(robust["u", "u"]))
}
write_values("binary_values.csv")
