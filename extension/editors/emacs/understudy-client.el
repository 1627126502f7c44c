;;; understudy-client.el --- Talk to the Understudy server  -*- lexical-binding: t; -*-

;; Copyright 2026 The Understudy authors
;; SPDX-License-Identifier: Apache-2.0

;; Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
;; the License.  You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0

;;; Commentary:

;; One server process per project, with a connection of its own.  Eglot has one server for a buffer, and that is the
;; one which knows the language; completions come from a second server that works beside it.  Where Understudy itself
;; is the buffer's Eglot server, Eglot's connection and its copy of the text are used, and none is opened here.
;;
;; Nothing in this file waits for the server.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'project)
(require 'url-util)
(require 'understudy-text)

(defvar understudy-mode)

(declare-function understudy-fix-answer-edit "understudy-fix")
(declare-function understudy-fix-show "understudy-fix")
(declare-function eglot-managed-p "eglot")
(declare-function eglot-current-server "eglot")
(declare-function eglot--server-info "eglot")
(declare-function eglot--TextDocumentIdentifier "eglot")
(declare-function eglot--signal-textDocument/didChange "eglot")

(defgroup understudy nil
  "Code completion from an open model, as ghost text."
  :group 'completion
  :prefix "understudy-")

(defcustom understudy-command '("understudy" "lsp")
  "The command that starts the server, a list of the program and its arguments."
  :type '(repeat string)
  :risky t)

(defcustom understudy-settings nil
  "Settings for the server, a property list with the documented names.
A group of settings is a property list in it, a list is a vector, and
the truth values are t and :json-false:

  (setopt understudy-settings
          \\='(:completion (:debounceMs 100 :disabledLanguages [\"markdown\"])
            :engine (:model \"Qwen/Qwen2.5-Coder-1.5B\")))

`setopt' and \\[customize-variable] tell the running servers; after `setq' call
`understudy-send-settings'."
  :type 'plist
  :risky t
  :set (lambda (symbol value)
         (set-default-toplevel-value symbol value)
         (when (fboundp 'understudy-send-settings)
           (understudy-send-settings))))

(defvar understudy-crash-limit 3
  "How often a server is started again within `understudy-crash-seconds'.")

(defconst understudy-crash-seconds 180
  "How far back unexpected ends of a server count.")

(defvar understudy-linger-seconds 30
  "How long the server of a project without open buffers is kept.")

(defvar understudy-status-hook nil
  "Hook that runs when a server tells a new status.")

;;;; Connections

(defmacro understudy-while-connected (connection &rest body)
  "Run BODY, which writes to CONNECTION, if that stands and while it does.
Emacs may learn only now that it does not; what follows from that is done when
the end of the process is heard of."
  (declare (indent 1) (debug t))
  `(when (jsonrpc-running-p ,connection)
     (condition-case failure
         (progn ,@body)
       (error (when (jsonrpc-running-p ,connection)
                (signal (car failure) (cdr failure)))))))

(defun understudy-notify (connection method params)
  "Tell CONNECTION METHOD with PARAMS, if it still stands."
  (understudy-while-connected connection
    (jsonrpc-notify connection method params)))

;;;; Sessions: a project's server

(cl-defstruct (understudy-session (:constructor understudy-session-make) (:copier nil))
  "A project's server: `connection' is nil while none runs.
`documents' are those that the project's buffers want open; `crashes' are the
times when the server ended by itself."
  root connection ready documents crashes)

(defvar understudy--sessions (make-hash-table :test #'equal)
  "The sessions by their root folder, nil for buffers outside of projects.")

(defvar understudy--count 0
  "How many connections there have been.
Those of one name would share jsonrpc.el's buffers.")

(defvar understudy--missing nil
  "The command of which the user was told that there is no such program.")

(defvar understudy--statuses (make-hash-table :weakness 'key)
  "What each connection last told of its status.")

(defvar-local understudy--document nil
  "The document of this buffer's text and of its indirect buffers'.")

(defun understudy--session-for (buffer)
  "Return the session of the project that BUFFER is in."
  (let ((root (with-current-buffer buffer
                (and buffer-file-name
                     (when-let* ((project (project-current)))
                       (expand-file-name (project-root project)))))))
    (or (gethash root understudy--sessions)
        (puthash root (understudy-session-make :root root) understudy--sessions))))

(defun understudy--start (session)
  "Start the server of SESSION, unless there is one."
  (cond
   ((understudy-session-connection session))
   ((not (executable-find (car understudy-command)))
    (unless (equal understudy--missing understudy-command)
      (setq understudy--missing understudy-command)
      (message "Understudy: there is no program `%s'; run `pipx install .' in its repository, or set `understudy-command'"
               (car understudy-command))))
   (t
    (setf (understudy-session-ready session) nil
          (understudy-session-connection session)
          (jsonrpc-process-connection
           :name (format "understudy %d" (cl-incf understudy--count))
           :process (lambda () (understudy--spawn session))
           :events-buffer-config '(:size 0 :format full)
           :request-dispatcher #'understudy--answer
           :notification-dispatcher #'understudy--hear
           :on-shutdown (lambda (connection) (understudy--ended session connection))))
    (understudy--initialize session (understudy-session-connection session)))))

(defun understudy--spawn (session)
  "Start the server's process in the root folder of SESSION."
  (let ((default-directory (or (understudy-session-root session) (expand-file-name "~/"))))
    (make-process
     :name "understudy"
     :command understudy-command
     :connection-type 'pipe
     :coding 'utf-8-emacs-unix
     :noquery t
     :stderr (make-pipe-process :name "understudy log" :buffer (understudy--log-buffer)
                                :noquery t :sentinel #'ignore))))

(defun understudy--log-buffer ()
  "Return the log buffer of the servers."
  (or (get-buffer "*understudy log*")
      (with-current-buffer (get-buffer-create "*understudy log*")
        (buffer-disable-undo)
        (special-mode)
        (current-buffer))))

(defun understudy--initialize (session connection)
  "Introduce Emacs on CONNECTION; then open what SESSION wants open."
  (let ((root (understudy-session-root session)))
    (jsonrpc-async-request
     connection :initialize
     (list :processId (emacs-pid)
           :clientInfo (list :name "Emacs" :version emacs-version)
           :rootUri (and root (understudy-path-to-uri root))
           :workspaceFolders (and root (vector (list :uri (understudy-path-to-uri root)
                                                     :name (file-name-nondirectory (directory-file-name root)))))
           :initializationOptions '(:understudyClient (:status t :show t))
           ;; UTF-16 is what every server counts in.
           :capabilities '( :general (:positionEncodings ["utf-16"])
                            :textDocument ( :synchronization (:didSave t)
                                            :inlineCompletion (:dynamicRegistration :json-false)
                                            :codeAction
                                            ( :codeActionLiteralSupport
                                              (:codeActionKind (:valueSet ["quickfix" "refactor" "source"]))
                                              :isPreferredSupport t :disabledSupport t))
                            :workspace ( :configuration t :workspaceFolders t :applyEdit t
                                         :workspaceEdit (:documentChanges t))))
     :timeout 60
     :success-fn (lambda (_result)
                   (understudy-notify connection :initialized (make-hash-table))
                   (setf (understudy-session-ready session) t)
                   (mapc #'understudy--open (understudy-session-documents session)))
     :error-fn (jsonrpc-lambda (&key message &allow-other-keys)
                 (when (jsonrpc-running-p connection)
                   (message "Understudy: the server refuses to start (%s); `M-x understudy-show-log' says more"
                            message))))))

(defun understudy--ended (session connection)
  "Start another server for SESSION, whose CONNECTION is over.
Not if that was meant, nor if it happens again and again."
  (dolist (buffer (list (process-buffer (jsonrpc--process connection))
                        (jsonrpc-stderr-buffer connection)
                        (jsonrpc-events-buffer connection)))
    (when (bufferp buffer)
      (kill-buffer buffer)))
  (when (eq connection (understudy-session-connection session))
    (let ((now (float-time)))
      (setf (understudy-session-connection session) nil
            (understudy-session-ready session) nil
            (understudy-session-crashes session)
            (cons now (seq-filter (lambda (time) (< (- now time) understudy-crash-seconds))
                                  (understudy-session-crashes session))))
      (dolist (document (understudy-session-documents session))
        (understudy-document-forget document))
      (let ((crashes (length (understudy-session-crashes session))))
        (if (> crashes understudy-crash-limit)
            (message "Understudy: the server ended %d times; see `M-x understudy-show-log', then `M-x understudy-restart'"
                     crashes)
          (message "Understudy: the server ended unexpectedly and is started again")
          (run-with-timer (* 0.5 crashes) nil #'understudy--revive session))))
    (run-hooks 'understudy-status-hook)))

(defun understudy--revive (session)
  "Start the server of SESSION if there are buffers that want it."
  (when (understudy-session-documents session)
    (understudy--start session)))

(defun understudy--stop (session)
  "End the server of SESSION in good order, and without waiting for it."
  (when-let* ((connection (understudy-session-connection session)))
    (setf (understudy-session-connection session) nil
          (understudy-session-ready session) nil)
    (dolist (document (understudy-session-documents session))
      (understudy-document-forget document))
    (let ((leave (lambda (&rest _) (understudy-notify connection :exit nil))))
      (understudy-while-connected connection
        (jsonrpc-async-request connection :shutdown nil :timeout 3
                               :success-fn leave :error-fn leave :timeout-fn leave)))
    (run-with-timer 6 nil (lambda () (delete-process (jsonrpc--process connection))))))

(defun understudy--stop-if-idle (session)
  "End the server of SESSION if it has no buffers that Eglot does not serve."
  (let ((documents (understudy-session-documents session)))
    (when (seq-every-p #'understudy--at-eglot-p documents)
      (understudy--stop session)
      (unless documents
        (remhash (understudy-session-root session) understudy--sessions)))))

(defun understudy--answer (_connection method params)
  "Answer the server's request METHOD with PARAMS."
  (pcase method
    ('workspace/configuration
     (cl-map 'vector (lambda (item) (and (equal (plist-get item :section) "understudy") understudy-settings))
             (plist-get params :items)))
    ('workspace/applyEdit (understudy-fix-answer-edit params))
    ((or 'client/registerCapability 'client/unregisterCapability 'window/workDoneProgress/create
         'window/showMessageRequest)
     nil)
    (_ (jsonrpc-error :code -32601 :message (format "Emacs does not know %s" method)))))

(defun understudy--hear (connection method params)
  "Hear the notification METHOD with PARAMS from CONNECTION."
  (pcase method
    ('understudy/status (understudy--note-status connection params))
    ('understudy/show (run-with-timer 0 nil #'understudy-fix-show params))
    ('window/showMessage (message "%s" (plist-get params :message)))))

(defun understudy--note-status (connection status)
  "Note the STATUS that CONNECTION told."
  (puthash connection status understudy--statuses)
  (force-mode-line-update t)
  (run-hooks 'understudy-status-hook))

;;;; Which connection serves a buffer

(defun understudy-eglot-server ()
  "Return this buffer's Eglot server if that is Understudy."
  (when-let* (((fboundp 'eglot-managed-p))
              ((eglot-managed-p))
              (server (eglot-current-server))
              ((equal (plist-get (eglot--server-info server) :name) "understudy")))
    server))

(defun understudy-connection ()
  "Return the connection that serves this buffer, nil while there is none."
  (or (understudy-eglot-server)
      (when-let* ((document (understudy--base-document)))
        (and (understudy-document-version document)
             (understudy-session-connection (understudy-document-session document))))))

(defun understudy-connections ()
  "Return the connections that serve buffers, each once."
  (delete-dups (delq nil (mapcar (lambda (buffer)
                                   (with-current-buffer buffer
                                     (and understudy-mode (understudy-connection))))
                                 (buffer-list)))))

(defun understudy-status ()
  "Return what the server of this buffer last told of its status, a property list."
  (let ((session (when-let* ((document (understudy--base-document))) (understudy-document-session document))))
    (if-let* ((connection (or (understudy-eglot-server)
                              (and session (understudy-session-connection session)))))
        (gethash connection understudy--statuses '(:state "starting"))
      '(:state "problem" :message "The server does not run; `M-x understudy-restart' starts it."))))

(defun understudy-send-settings ()
  "Send `understudy-settings' to the running servers."
  (interactive)
  (dolist (connection (understudy-connections))
    (understudy-notify connection :workspace/didChangeConfiguration
                       (list :settings (list :understudy (or understudy-settings (make-hash-table)))))))

;;;; Documents: a buffer's text at the server

(defun understudy--base-document ()
  "Return the document of this buffer's text."
  (if-let* ((base (buffer-base-buffer)))
      (buffer-local-value 'understudy--document base)
    understudy--document))

(defun understudy-document-attach ()
  "Have this buffer's text open at its project's server, from now on."
  (let* ((buffer (current-buffer))
         (base (or (buffer-base-buffer) buffer)))
    (with-current-buffer base
      (unless understudy--document
        (let ((session (understudy--session-for base)))
          (setq understudy--document
                (understudy-document-make :buffer base :session session :uri (understudy-buffer-uri base)))
          (push understudy--document (understudy-session-documents session))
          (add-hook 'before-change-functions #'understudy--before-change nil t)
          (add-hook 'after-change-functions #'understudy--after-change nil t)))
      (cl-pushnew buffer (understudy-document-users understudy--document))
      (understudy--open understudy--document))))

(defun understudy-document-detach ()
  "Close this buffer's text at the server, unless other buffers share it."
  (when-let* ((document (understudy--base-document)))
    (let ((session (understudy-document-session document)))
      (setf (understudy-document-users document)
            (seq-filter #'buffer-live-p (delq (current-buffer) (understudy-document-users document))))
      (unless (understudy-document-users document)
        (understudy--close document)
        (setf (understudy-session-documents session) (delq document (understudy-session-documents session)))
        (with-current-buffer (understudy-document-buffer document)
          (setq understudy--document nil)
          (remove-hook 'before-change-functions #'understudy--before-change t)
          (remove-hook 'after-change-functions #'understudy--after-change t))
        (run-with-timer understudy-linger-seconds nil #'understudy--stop-if-idle session)))))

(defun understudy--open (document)
  "Open DOCUMENT at its server, once there is one.
Not if Eglot's server is Understudy and has it open."
  (let ((session (understudy-document-session document)))
    (cond
     ((understudy--at-eglot-p document)
      (understudy--close document)
      (run-with-timer understudy-linger-seconds nil #'understudy--stop-if-idle session))
     ((not (understudy-session-connection session))
      (understudy--start session))
     ((and (understudy-session-ready session) (not (understudy-document-version document)))
      (understudy-notify (understudy-session-connection session) :textDocument/didOpen
                      (list :textDocument (understudy-document-open document)))))))

(defun understudy--at-eglot-p (document)
  "Return non-nil if Eglot has DOCUMENT open at Understudy."
  (with-current-buffer (understudy-document-buffer document)
    (understudy-eglot-server)))

(defun understudy--close (document)
  "Close DOCUMENT at its server."
  (when (understudy-document-version document)
    (understudy-document-forget document)
    (understudy-notify (understudy-session-connection (understudy-document-session document)) :textDocument/didClose
                    (list :textDocument (list :uri (understudy-document-uri document))))))

(defun understudy-identifier ()
  "Return the name of this buffer's text at its server."
  (if (understudy-eglot-server)
      (eglot--TextDocumentIdentifier)
    (list :uri (understudy-document-uri (understudy--base-document)))))

(defun understudy-flush ()
  "Send the server what changed in this buffer's text."
  (if (understudy-eglot-server)
      (eglot--signal-textDocument/didChange)
    (when-let* ((document (understudy--base-document)))
      (understudy--flush document))))

(defun understudy--flush (document)
  "Send the server what changed in DOCUMENT."
  (when-let* (((buffer-live-p (understudy-document-buffer document)))
              (changes (understudy-document-changes document)))
    (understudy-notify (understudy-session-connection (understudy-document-session document)) :textDocument/didChange
                    (list :textDocument (list :uri (understudy-document-uri document)
                                              :version (understudy-document-version document))
                          :contentChanges changes))))

(defun understudy-saved ()
  "Tell the server that this buffer was saved.
It reads its own settings files again."
  (when-let* ((document (understudy--base-document)) ((understudy-document-version document)))
    (understudy--flush document)
    (understudy-notify (understudy-session-connection (understudy-document-session document)) :textDocument/didSave
                    (list :textDocument (list :uri (understudy-document-uri document))))))

(defun understudy--before-change (start end)
  "Note where the text from START to END is, which is about to change."
  (when understudy--document
    (understudy-document-before-change understudy--document start end)))

(defun understudy--after-change (start end length)
  "Send the text from START to END soon, which replaced LENGTH characters."
  (when understudy--document
    (understudy-document-after-change understudy--document start end length)
    (unless (or (understudy-document-timer understudy--document) (understudy-eglot-server))
      (setf (understudy-document-timer understudy--document)
            (run-with-timer 0.05 nil #'understudy--flush-later understudy--document)))))

(defun understudy--flush-later (document)
  "Send what changed in DOCUMENT, as a timer."
  (setf (understudy-document-timer document) nil)
  (understudy--flush document))

(provide 'understudy-client)
;;; understudy-client.el ends here
