;;; quiet.el --- An Emacs that asks nothing and leaves no file behind  -*- lexical-binding: t; -*-

(setq native-comp-jit-compilation nil
      native-comp-enable-subr-trampolines nil
      inhibit-startup-screen t
      make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      python-indent-guess-indent-offset nil)

;;; quiet.el ends here
