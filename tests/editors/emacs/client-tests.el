;;; client-tests.el --- The life of a server, its settings and commands  -*- lexical-binding: t; no-byte-compile: t; -*-

;;; Code:

(require 'support)

(defmacro client-tests-saying (&rest body)
  "The messages that the user sees while BODY runs, as one string."
  `(let ((buffer (messages-buffer)) start)
     (with-current-buffer buffer (setq start (point-max)))
     ,@body
     (with-current-buffer buffer (buffer-substring-no-properties start (point-max)))))

(ert-deftest a-killed-server-is-started-again ()
  (tests-editing 'fake "|"
    (should
     (string-search
      "Understudy: the server ended unexpectedly and is started again"
      (client-tests-saying
       (signal-process (car (tests-processes)) 'kill)
       (tests-until (not (understudy-connection)))
       (tests-type-text "say it")
       (tests-until (tests-ready-p)))))
    (tests-type-text "!")
    (should (equal (tests-until (tests-ghost)) "it!"))))

(ert-deftest typing-while-nobody-knows-yet-that-the-server-is-dead ()
  (tests-editing 'fake "|"
    (tests-type-text "say it")
    (tests-until (tests-ghost))
    (signal-process (car (tests-processes)) 'kill)
    (call-process "sleep" nil nil nil "0.2")
    (tests-type "M-f")
    (understudy--ask 2 #'ignore)
    (tests-type-text "!")
    (should (memq #'understudy--after-command post-command-hook))
    (tests-until (not (understudy-connection)))
    (tests-until (tests-ready-p))
    (tests-type-text "?")
    (should (string-suffix-p "?" (tests-until (tests-ghost))))
    (signal-process (car (tests-processes)) 'kill)
    (call-process "sleep" nil nil nil "0.2")
    (understudy-restart)
    (tests-until (tests-ready-p))
    (should-not (understudy-session-crashes (understudy-document-session understudy--document)))))

(ert-deftest what-was-typed-before-the-server-was-ready ()
  (tests-stop)
  (tests-serve 'fake)
  (switch-to-buffer (find-file-noselect (tests-file "a.py")))
  (unwind-protect
      (progn
        (understudy-mode)
        (should-not (understudy-connection))
        (tests-type-text "say early")
        (should (equal (tests-until (tests-ghost)) "early")))
    (set-buffer-modified-p nil)
    (kill-buffer)
    (tests-stop)))

(ert-deftest a-server-that-keeps-ending-is-left-alone ()
  (tests-stop)
  (setq tests-running 'broken
        understudy-command (list (getenv "TEST_PYTHON") "-c" "import sys; sys.exit('on purpose')"))
  (switch-to-buffer (find-file-noselect (tests-file "a.py")))
  (unwind-protect
      (let ((said (client-tests-saying
                   (understudy-mode)
                   (let ((session (understudy-document-session understudy--document)))
                     (tests-until (> (length (understudy-session-crashes session)) understudy-crash-limit))))))
        (should (string-search "the server ended 4 times; see `M-x understudy-show-log'" said))
        (should (equal (plist-get (understudy-status) :state) "problem"))
        (should (string-search ":!" (understudy--lighter)))
        (should (string-search "on purpose" (tests-log)))
        (tests-pause 0.5)
        (should-not (tests-processes)))
    (kill-buffer)
    (tests-stop)))

(ert-deftest without-the-program-one-sentence-says-what-to-do ()
  (tests-stop)
  (let ((understudy-command '("no-such-program")))
    (with-current-buffer (find-file-noselect (tests-file "a.py"))
      (should (string-search "there is no program `no-such-program'; run `pipx install .' in its repository"
                             (client-tests-saying (understudy-mode))))
      (kill-buffer)))
  (tests-stop))

(ert-deftest settings-apply-from-the-start ()
  (tests-stop)
  (let ((understudy-settings '(:completion (:enabled :json-false))))
    (tests-serve "!always\n\"a + b\\n\"\n")
    (switch-to-buffer (find-file-noselect (tests-file "a.py")))
    (unwind-protect
        (progn
          (understudy-mode)
          (tests-until (equal (plist-get (understudy-status) :state) "off")))
      (kill-buffer)
      (tests-stop))))

(ert-deftest settings-apply-at-once ()
  (tests-editing "!always\n\"a + b\\n\"\n" "def add(a, b):\n    return|"
    (tests-type "SPC")
    (tests-until (tests-ghost))
    (tests-type "C-g")
    (unwind-protect
        (progn
          (setopt understudy-settings '(:completion (:enabled :json-false)))
          (tests-until (equal (plist-get (understudy-status) :state) "off"))
          (should (string-search ":off" (understudy--lighter)))
          (tests-type "DEL" "SPC")
          (tests-pause 0.3)
          (should-not (tests-ghost)))
      (setopt understudy-settings nil))
    (tests-until (tests-ready-p))
    (tests-type "DEL" "SPC")
    (should (equal (tests-until (tests-ghost)) "a + b"))))

(ert-deftest quiet-for-a-while ()
  (tests-editing "!always\n\"a + b\\n\"\n" "def add(a, b):\n    return|"
    (tests-type "SPC")
    (tests-until (tests-ghost))
    (understudy-snooze 5)
    (should-not (tests-ghost))
    (tests-until (equal (plist-get (understudy-status) :state) "paused"))
    (should (string-search ":paused" (understudy--lighter)))
    (tests-type "DEL" "SPC")
    (tests-pause 0.3)
    (should-not (tests-ghost))
    (understudy-trigger)
    (should (equal (tests-until (tests-ghost)) "a + b"))
    (tests-type "C-g")
    (understudy-resume)
    (tests-until (tests-ready-p))
    (tests-type "DEL" "SPC")
    (should (equal (tests-until (tests-ghost)) "a + b"))))

(ert-deftest off-for-a-language ()
  (tests-editing "!always\n\"a + b\\n\"\n" "def add(a, b):\n    return|"
    (understudy-toggle-language)
    (tests-until (string-search "Understudy is off for python" (with-current-buffer (messages-buffer) (buffer-string))))
    (tests-type "SPC")
    (tests-pause 0.3)
    (should-not (tests-ghost))
    (understudy-toggle-language)
    (tests-until (string-search "Understudy is on for python" (with-current-buffer (messages-buffer) (buffer-string))))
    (tests-type "DEL" "SPC")
    (should (equal (tests-until (tests-ghost)) "a + b"))))

(ert-deftest statistics-models-and-the-engine ()
  (tests-editing "!always\n\"a + b\\n\"\n" "def add(a, b):\n    return|"
    (save-window-excursion
      (understudy-statistics)
      (tests-until (get-buffer "*understudy statistics*"))
      (should-not (string-empty-p (tests-until (with-current-buffer "*understudy statistics*" (buffer-string))))))
    (let (models)
      (understudy--run-here "models" nil (lambda (result) (setq models (or result t))))
      (tests-until models)
      (should (vectorp models)))
    (dolist (command '(understudy-start-engine understudy-stop-engine))
      (should-not (string-search "Understudy:" (client-tests-saying (funcall command) (tests-pause 0.2)))))))

(ert-deftest the-mode-line-tells-the-status ()
  (tests-editing 'fake "|"
    (dolist (row '(((:state "ready" :model "m" :latencyMs 42.4 :suggestions 4 :accepted 1) " Understudy"
                    "m\n42 ms\n1 of 4 suggestions accepted")
                   ((:state "starting" :percent 37 :message "Loading") " Understudy:37%%" "Loading")
                   ((:state "starting") " Understudy:…" "starting")
                   ((:state "paused") " Understudy:paused" "paused")
                   ((:state "problem" :message "No engine") " Understudy:!" "No engine")))
      (understudy--note-status (understudy-connection) (car row))
      (let ((lighter (understudy--lighter)))
        (should (equal (substring-no-properties lighter) (nth 1 row)))
        (should (string-suffix-p (nth 2 row) (get-text-property 0 'help-echo lighter)))))))

(ert-deftest one-server-for-a-project-and-none-after-it ()
  (tests-stop)
  (tests-serve 'fake)
  (let* ((understudy-linger-seconds 0.2)
         (folder (file-name-directory (tests-file "x")))
         (buffers nil))
    (make-directory (expand-file-name ".git" folder))
    (unwind-protect
        (progn
          (dolist (name '("a.py" "b.py"))
            (push (find-file-noselect (expand-file-name name folder)) buffers)
            (with-current-buffer (car buffers)
              (understudy-mode)
              (tests-until (tests-ready-p))))
          (should (= (length (tests-processes)) 1))
          (should (equal (plist-get (alist-get "initialize" tests-sent nil nil #'equal) :rootUri)
                         (understudy-path-to-uri folder))))
      (mapc #'kill-buffer buffers))
    (tests-until (null (tests-processes)))
    (should (= (hash-table-count understudy--sessions) 0))))

(ert-deftest two-projects-at-once ()
  (tests-stop)
  (tests-serve 'fake)
  (let ((buffers (mapcar (lambda (name)
                           (let ((file (tests-file name)))
                             (make-directory (expand-file-name ".git" (file-name-directory file)))
                             (find-file-noselect file)))
                         '("a.py" "b.py"))))
    (unwind-protect
        (progn
          (dolist (buffer buffers)
            (switch-to-buffer buffer)
            (understudy-mode))
          (dolist (buffer (append buffers buffers))
            (switch-to-buffer buffer)
            (tests-until (tests-ready-p))
            (tests-type-text (concat "say " (buffer-name)))
            (should (equal (tests-until (tests-ghost)) (buffer-name)))
            (tests-type "RET"))
          (should (= (length (tests-processes)) 2))
          ;; The end of one is nothing to the other.
          (let ((understudy-crash-limit 0))
            (signal-process (car (tests-processes)) 'kill)
            (tests-until (= (length (tests-processes)) 1)))
          (switch-to-buffer (seq-find (lambda (buffer) (with-current-buffer buffer (understudy-connection))) buffers))
          (tests-type-text "say more")
          (should (equal (tests-until (tests-ghost)) "more"))
          (should-not (understudy-session-crashes (understudy-document-session understudy--document))))
      (dolist (buffer buffers)
        (with-current-buffer buffer (set-buffer-modified-p nil))
        (kill-buffer buffer)))
    (tests-stop)))

(ert-deftest the-global-mode-is-for-programs ()
  (tests-stop)
  (tests-serve 'fake)
  (unwind-protect
      (progn
        (understudy-global-mode)
        (with-current-buffer (find-file-noselect (tests-file "a.py"))
          (should understudy-mode)
          (set-visited-file-modtime 0)
          (write-region "" nil buffer-file-name nil 'silent)
          (revert-buffer t t)
          (should understudy-mode)
          (should (= (length (hash-table-values understudy--sessions)) 1))
          (kill-buffer))
        (with-current-buffer (find-file-noselect (tests-file "a.txt"))
          (should-not understudy-mode)
          (kill-buffer)))
    (understudy-global-mode -1))
  (tests-stop))

(ert-deftest files-on-other-machines-are-left-alone ()
  (with-temp-buffer
    (setq default-directory "/ssh:nowhere.invalid:/tmp/")
    (should-error (understudy-mode) :type 'user-error)
    (should-not understudy-mode)))

;;; client-tests.el ends here
