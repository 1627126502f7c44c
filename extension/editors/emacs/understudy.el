;;; understudy.el --- Code completion from an open model, as ghost text  -*- lexical-binding: t; -*-

;; Copyright 2026 The Understudy authors
;; SPDX-License-Identifier: Apache-2.0

;; Author: The Understudy authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "30.1"))
;; Keywords: convenience, tools, languages

;; Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
;; the License.  You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
;;
;; Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
;; an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.

;;; Commentary:

;; Ghost text while you type, from a model that you host.
;;
;;   (use-package understudy
;;     :load-path "…/extension/editors/emacs"
;;     :config (understudy-global-mode))
;;
;; While ghost text is shown, TAB accepts it, M-f a word of it, C-e a line; M-n and M-p show others, C-g none.
;; `understudy-ghost-map' holds these keys.
;;
;; It works beside Eglot and whatever server Eglot runs.  To have Understudy as the Eglot server of a mode that has no
;; other, call `understudy-eglot-register'; for lsp-mode load `understudy-lsp-mode' instead of this mode.

;;; Code:

(require 'understudy-client)
(require 'understudy-fix)
(require 'understudy-ghost)

(defvar eglot-server-programs)
(declare-function eglot-handle-notification "eglot")
(declare-function eglot-reconnect "eglot")
(declare-function eglot-stderr-buffer "eglot")

;;;; The modes

;;;###autoload
(define-minor-mode understudy-mode
  "Suggest what could come next as ghost text.
\\<understudy-ghost-map>While it is shown, \\[understudy-accept] accepts it, \\[understudy-accept-word] a word of it and \
\\[understudy-accept-line] a line;
\\[understudy-next] and \\[understudy-previous] show others and \\[understudy-dismiss] none."
  :lighter (:eval (understudy--lighter))
  :keymap (make-sparse-keymap)
  (if understudy-mode
      (if (file-remote-p default-directory)
          (progn
            (setq understudy-mode nil)
            (user-error "Understudy does not serve files on other machines; edit them there"))
        (understudy--begin))
    (understudy--leave)))

;;;###autoload
(define-globalized-minor-mode understudy-global-mode understudy-mode understudy--turn-on
  :predicate '(prog-mode conf-mode)
  :group 'understudy)

(defconst understudy-size-limit 5000000
  "The length of texts from which on `understudy-global-mode' leaves them alone.")

(defun understudy--turn-on ()
  "Turn on `understudy-mode' where it can be of use."
  (unless (or (minibufferp)
              (string-prefix-p " " (buffer-name))
              (> (buffer-size) understudy-size-limit)
              (file-remote-p default-directory))
    (understudy-mode)))

(defconst understudy--hooks
  '((post-command-hook . understudy--after-command)
    (after-save-hook . understudy-saved)
    (after-set-visited-file-name-hook . understudy--reopen)
    (clone-indirect-buffer-hook . understudy--cloned)
    (eglot-managed-mode-hook . understudy-document-attach)
    (completion-in-region-mode-hook . understudy--yield)
    (company-completion-started-hook . understudy--yield)
    (completion-preview-active-mode-hook . understudy--yield)
    (window-selection-change-functions . understudy--window-left)
    (kill-buffer-hook . understudy--leave)
    (change-major-mode-hook . understudy--leave))
  "What `understudy-mode' adds to a buffer's hooks.")

(defun understudy--begin ()
  "Begin to serve this buffer."
  (setq understudy--tick (buffer-chars-modified-tick))
  ;; Late, so that other completion has said by then whether it shows something.
  (pcase-dolist (`(,hook . ,function) understudy--hooks)
    (add-hook hook function 90 t))
  (understudy-document-attach))

(defun understudy--leave ()
  "Serve this buffer no longer."
  (pcase-dolist (`(,hook . ,function) understudy--hooks)
    (remove-hook hook function t))
  (understudy--clear)
  (understudy--cancel)
  (understudy-document-detach))

(defun understudy--reopen ()
  "Serve this buffer as the file that it now is."
  (understudy--leave)
  (understudy--begin))

(defun understudy--cloned ()
  "Begin to serve this indirect buffer, which has what its original had."
  (setq understudy--ghost nil
        understudy--request nil
        understudy--timer nil)
  (understudy-document-attach))

;;;; The mode line

(defun understudy--lighter ()
  "Return the mode's name with the server's status."
  (let* ((status (understudy-status))
         (percent (plist-get status :percent))
         (mark (pcase (plist-get status :state)
                 ("ready" "")
                 ("starting" (if percent (format ":%d%%%%" percent) ":…"))
                 ("paused" ":paused")
                 ("off" ":off")
                 (_ ":!"))))
    (propertize (concat " Understudy" mark)
                'help-echo (understudy--describe status)
                'face (and (equal (plist-get status :state) "problem") 'warning))))

(defun understudy--describe (status)
  "Return STATUS in words."
  (string-join
   (delq nil (list (concat "Understudy: " (plist-get status :state))
                   (understudy--filled (plist-get status :message))
                   (understudy--filled (plist-get status :model))
                   (understudy--filled (plist-get status :files))
                   (and (plist-get status :latencyMs) (format "%d ms" (plist-get status :latencyMs)))
                   (and (plist-get status :suggestions)
                        (format "%d of %d suggestions accepted" (plist-get status :accepted)
                                (plist-get status :suggestions)))))
   "\n"))

(defun understudy--filled (text)
  "Return TEXT, or nil if it is empty."
  (and text (not (string-empty-p text)) text))

;;;; Commands

(defun understudy--run (connection command arguments &optional then)
  "Have CONNECTION run COMMAND with the list ARGUMENTS; call THEN with the result."
  (jsonrpc-async-request
   connection :workspace/executeCommand
   (list :command (concat "understudy." command) :arguments (vconcat arguments))
   :success-fn (or then #'ignore)
   :error-fn (jsonrpc-lambda (&key message &allow-other-keys)
               (message "Understudy: %s" message))))

(defun understudy--run-here (command arguments &optional then)
  "Have this buffer's server run COMMAND with the list ARGUMENTS.
Call THEN with the result."
  (understudy--run (or (understudy-connection)
                       (user-error "Understudy does not run here; `M-x understudy-mode' starts it"))
                   command arguments
                   ;; Not in the process filter, in which nothing may ask the user.
                   (and then (lambda (result) (run-with-timer 0 nil then result)))))

(defun understudy--run-everywhere (command arguments)
  "Have the servers of all projects run COMMAND with the list ARGUMENTS.
Note the status that they answer."
  (dolist (connection (or (understudy-connections)
                          (user-error "Understudy does not run; `M-x understudy-mode' starts it")))
    (understudy--run connection command arguments
                     (lambda (status) (when status (understudy--note-status connection status))))))

(defun understudy-snooze (minutes)
  "Suggest nothing for some MINUTES, 5 without a prefix argument."
  (interactive (list (if current-prefix-arg (prefix-numeric-value current-prefix-arg) 5)))
  (understudy--run-everywhere "snooze" (list minutes))
  (when understudy--ghost
    (understudy-dismiss))
  (message "Understudy is quiet for %d minutes; `M-x understudy-resume' ends that" minutes))

(defun understudy-resume ()
  "Suggest again."
  (interactive)
  (understudy--run-everywhere "resume" nil))

(defun understudy-toggle-language ()
  "Suggest nothing in this buffer's language in this project, or again."
  (interactive)
  (understudy--run-here
   "toggleLanguage" (list (understudy-text-language-id major-mode))
   (lambda (result)
     (message "Understudy is %s for %s" (if (eq (plist-get result :enabled) t) "on" "off")
              (plist-get result :language)))))

(defun understudy-choose-model ()
  "Choose the model that completes in this project until Emacs ends."
  (interactive)
  (let ((buffer (current-buffer)))
    (understudy--run-here
     "models" nil
     (lambda (models)
       (when (buffer-live-p buffer)
         (with-current-buffer buffer
           (understudy--run-here "selectModel" (list (understudy--read-model (append models nil))))))))))

(defun understudy--read-model (models)
  "Let the user choose one of MODELS; return its id."
  (let ((completion-extra-properties
         (list :annotation-function
               (lambda (id)
                 (when-let* ((model (seq-find (lambda (model) (equal (plist-get model :id) id)) models)))
                   (concat "  " (plist-get model :detail)))))))
    (completing-read "Model: " (mapcar (lambda (model) (plist-get model :id)) models) nil t nil nil
                     (plist-get (seq-find (lambda (model) (eq (plist-get model :current) t)) models) :id))))

(defun understudy-statistics ()
  "Show how completions went."
  (interactive)
  (understudy--run-here
   "statistics" nil
   (lambda (result)
     (with-help-window "*understudy statistics*"
       (princ (plist-get result :text))))))

(defun understudy-start-engine ()
  "Start the model on this machine."
  (interactive)
  (understudy--run-here "startEngine" nil))

(defun understudy-stop-engine ()
  "Stop the model on this machine."
  (interactive)
  (understudy--run-here "stopEngine" nil))

(defun understudy-restart ()
  "Start the server of this buffer's project anew."
  (interactive)
  (understudy--clear)
  (setq understudy--missing nil)
  (if-let* ((server (understudy-eglot-server)))
      (eglot-reconnect server)
    (let ((session (understudy-document-session
                    (or (understudy--base-document)
                        (user-error "Understudy does not run here; `M-x understudy-mode' starts it")))))
      (understudy--stop session)
      (setf (understudy-session-crashes session) nil)
      (understudy--start session))))

(defun understudy-show-log ()
  "Show what the server logged."
  (interactive)
  (if-let* ((server (understudy-eglot-server)))
      (eglot-stderr-buffer server)
    (display-buffer (understudy--log-buffer))))

;;;; Eglot

;;;###autoload
(defun understudy-eglot-register (&rest modes)
  "Make Understudy the Eglot server of MODES, which have no server of their own.
Turn on `understudy-mode' there as well: Eglot itself shows no ghost text."
  (with-eval-after-load 'eglot
    (add-to-list 'eglot-server-programs (cons modes #'understudy-eglot-contact))))

(defun understudy-eglot-contact (&rest _)
  "Return the command and options with which Eglot is to start it."
  (append understudy-command
          (list :initializationOptions (append '(:understudyClient t) understudy-settings))))

(with-eval-after-load 'eglot
  (cl-defmethod eglot-handle-notification (server (_method (eql understudy/status)) &rest status)
    "Note the STATUS that SERVER told."
    (understudy--note-status server status)))

(provide 'understudy)
;;; understudy.el ends here
