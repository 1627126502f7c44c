;;; understudy-ghost.el --- Show and take ghost text  -*- lexical-binding: t; -*-

;; Copyright 2026 The Understudy authors
;; SPDX-License-Identifier: Apache-2.0

;; Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
;; the License.  You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0

;;; Commentary:

;; After a command that changed the text, the server is asked what could come next.  The answer is shown by an overlay
;; at point, in the selected window alone.  What is typed along it shortens it and asks nobody.

;;; Code:

(require 'cl-lib)
(require 'understudy-client)

(defvar understudy-mode)
(defvar company-candidates)

(defface understudy-ghost '((t :inherit shadow))
  "Face of text that is suggested."
  :group 'understudy)

(defcustom understudy-idle-delay 0.05
  "Seconds after a key before the server is asked, nil to ask by hand.
The server itself waits as long as it is worth it."
  :group 'understudy
  :type '(choice number (const :tag "Only by hand" nil)))

(defcustom understudy-inhibit-functions '(understudy-popup-shown-p)
  "Functions of which one returns non-nil if nothing is to be suggested."
  :group 'understudy
  :type 'hook)

(defvar-keymap understudy-ghost-map
  :doc "Keys while ghost text is shown."
  "TAB" #'understudy-accept
  "<tab>" #'understudy-accept
  "M-f" #'understudy-accept-word
  "C-<right>" #'understudy-accept-word
  "C-e" #'understudy-accept-line
  "M-n" #'understudy-next
  "M-p" #'understudy-previous
  "C-g" #'understudy-dismiss)

(cl-defstruct (understudy-ghost (:constructor understudy-ghost-make) (:copier nil))
  "What is suggested.
`items' are LSP's items, each with the text to insert at `start', `index' the
one that is shown.  `rest' is the size of the buffer without what was typed of
it.  `by-hand' is non-nil if the user asked."
  items index start rest by-hand overlay)

(defvar-local understudy--ghost nil
  "What is suggested in this buffer.")

(defvar-local understudy--tick nil
  "The tick of the text after the last command.")

(defvar-local understudy--request nil
  "The request under way: connection, id, and the tick and point it is for.")

(defvar-local understudy--missed nil
  "The buffer, tick and point for which there was no server to ask.")

(defvar-local understudy--timer nil
  "The timer that will make the next request.")

(defvar understudy--emulation-alist (list (cons 'understudy--ghost understudy-ghost-map)))

(add-to-list 'emulation-mode-map-alists 'understudy--emulation-alist)

(defun understudy-popup-shown-p ()
  "Return non-nil if other completion is on the screen.
That is Corfu, Company, `completion-preview-mode' and the like."
  (or completion-in-region-mode
      (bound-and-true-p company-candidates)
      (bound-and-true-p completion-preview-active-mode)))

(defun understudy--inhibited-p ()
  "Return non-nil if nothing is to be suggested here and now."
  (or buffer-read-only (region-active-p) (run-hook-with-args-until-success 'understudy-inhibit-functions)))

;;;; Ask

(defun understudy--after-command ()
  "Keep what is suggested in step with the text, or ask anew."
  (let* ((tick (buffer-chars-modified-tick))
         (changed (not (eql tick understudy--tick))))
    (setq understudy--tick tick)
    (unless (or (null understudy--request) (understudy--current-p understudy--request))
      (understudy--cancel))
    (if (and understudy--ghost (understudy--agrees-p) (not (understudy--inhibited-p)))
        (understudy--draw)
      (understudy--clear)
      (when (and changed understudy-idle-delay (not (memq this-command '(undo undo-only undo-redo))))
        (understudy--cancel)
        (setq understudy--timer
              (run-with-timer understudy-idle-delay nil #'understudy--ask-soon (current-buffer) tick (point)))))))

(defun understudy--ask-soon (buffer tick point)
  "Ask what could come next in BUFFER, if TICK and POINT are still its own.
A timer calls this."
  (when (eq buffer (window-buffer (selected-window)))
    (with-current-buffer buffer
      (setq understudy--timer nil)
      (when (and understudy-mode
                 (eql tick (buffer-chars-modified-tick))
                 (eql point (point))
                 (not (understudy--inhibited-p)))
        (setq understudy--missed (unless (equal (plist-get (understudy-status) :state) "ready")
                                   (list buffer tick point)))
        (understudy--ask 2 #'understudy--show)))))

(defun understudy--ask-missed ()
  "Ask what could not be asked before, if the user still waits for it."
  (with-current-buffer (window-buffer (selected-window))
    (when (and understudy--missed (equal (plist-get (understudy-status) :state) "ready"))
      (apply #'understudy--ask-soon understudy--missed)
      (setq understudy--missed nil))))

(add-hook 'understudy-status-hook #'understudy--ask-missed)

(defun understudy--yield (&rest _)
  "Make room for other completion that was just shown."
  (when (and understudy--ghost (understudy--inhibited-p))
    (understudy--clear)))

(defun understudy--window-left (window)
  "Suggest nothing in WINDOW, where this buffer is, once another is selected."
  (unless (eq window (selected-window))
    (with-current-buffer (window-buffer window)
      (understudy--clear)
      (understudy--cancel))))

(defun understudy--ask (trigger then)
  "Ask what could come next at point; call THEN with the items.
Unless the user moves on meanwhile.
TRIGGER is LSP's: 1 by hand, 2 while typing."
  (when-let* ((connection (understudy-connection)))
    (understudy--cancel)
    (understudy-flush)
    (let* ((buffer (current-buffer))
           (request (list connection nil (buffer-chars-modified-tick) (point))))
      (setq understudy--request request)
      (understudy-while-connected connection
        (setf (nth 1 request)
              ;; The public function does not return the id, without which nothing can be cancelled.
              (car (jsonrpc--async-request-1
                    connection :textDocument/inlineCompletion
                    (list :textDocument (understudy-identifier)
                          :position (understudy-text-position (point))
                          :context (list :triggerKind trigger))
                    :timeout 60
                    :success-fn (lambda (result) (understudy--answered buffer request result then))
                    :error-fn (lambda (_error) (understudy--answered buffer request nil #'ignore))
                    :timeout-fn (lambda () (understudy--answered buffer request nil #'ignore)))))))))

(defun understudy--answered (buffer request result then)
  "Call THEN with the items of RESULT if REQUEST is still what BUFFER waits for."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when (eq request understudy--request)
        (when (and (understudy--current-p request)
                   understudy-mode
                   (eq buffer (window-buffer (selected-window)))
                   (not (understudy--inhibited-p)))
          (funcall then (understudy--items result)))
        (setq understudy--request nil)))))

(defun understudy--current-p (request)
  "Return non-nil if text and point are those of REQUEST."
  (and request
       (eql (buffer-chars-modified-tick) (nth 2 request))
       (eql (point) (nth 3 request))))

(defun understudy--cancel ()
  "Give up the request under way, and the one to come."
  (when understudy--timer
    (cancel-timer understudy--timer)
    (setq understudy--timer nil))
  (pcase-let ((`(,connection ,id . ,_) understudy--request))
    (setq understudy--request nil)
    (when id
      (understudy-notify connection :$/cancelRequest (list :id id)))))

(defun understudy--items (result)
  "Return the items of RESULT that insert text at point, each once."
  (let ((here (understudy-text-position (point))))
    (cl-remove-duplicates
     (seq-filter
      (lambda (item)
        (let ((range (plist-get item :range)))
          (and (stringp (plist-get item :insertText))
               (not (string-empty-p (plist-get item :insertText)))
               (or (null range) (equal range (list :start here :end here))))))
      (if (vectorp result) result (plist-get result :items)))
     :key (lambda (item) (plist-get item :insertText)) :test #'equal :from-end t)))

;;;; Show

(defun understudy--show (items &optional index by-hand)
  "Suggest ITEMS at point, from the one at INDEX on.  BY-HAND: the user asked."
  (understudy--clear)
  (when items
    (let ((overlay (make-overlay (point) (point))))
      (overlay-put overlay 'window (selected-window))
      (overlay-put overlay 'priority 1000)
      (setq understudy--ghost
            (understudy-ghost-make :items (append items nil) :index (or index 0) :start (point) :rest (buffer-size)
                                   :by-hand by-hand :overlay overlay)))
    (understudy--draw)
    (understudy--report :textDocument/didShowCompletion)))

(defun understudy--item ()
  "Return the item that is shown."
  (nth (understudy-ghost-index understudy--ghost) (understudy-ghost-items understudy--ghost)))

(defun understudy--typed ()
  "Return how many characters of the item are in the buffer by now."
  (- (point) (understudy-ghost-start understudy--ghost)))

(defun understudy--agrees-p (&optional item)
  "Return non-nil if what was typed is the beginning of ITEM.
ITEM is the one that is shown by default."
  (let* ((start (understudy-ghost-start understudy--ghost))
         (text (plist-get (or item (understudy--item)) :insertText))
         (typed (understudy--typed)))
    (and (<= 0 typed (1- (length text)))
         (<= (point-min) start)
         (= (buffer-size) (+ typed (understudy-ghost-rest understudy--ghost)))
         (eq (overlay-get (understudy-ghost-overlay understudy--ghost) 'window) (selected-window))
         (string-prefix-p (buffer-substring-no-properties start (point)) text))))

(defun understudy--left ()
  "Return what is still to be typed of the item that is shown."
  (substring (plist-get (understudy--item) :insertText) (understudy--typed)))

(defun understudy--draw ()
  "Show what is left of the item."
  (let ((overlay (understudy-ghost-overlay understudy--ghost))
        (text (propertize (understudy--left) 'face 'understudy-ghost)))
    ;; The cursor stands on the character that has this property, else behind the text; a line end is none to stand on.
    (when (eq (aref text 0) ?\n)
      (setq text (concat " " text)))
    (put-text-property 0 1 'cursor t text)
    (move-overlay overlay (point) (point))
    (overlay-put overlay 'after-string text)))

(defun understudy--clear ()
  "Suggest nothing any more."
  (when understudy--ghost
    (delete-overlay (understudy-ghost-overlay understudy--ghost))
    (setq understudy--ghost nil)))

(defun understudy--report (method &rest params)
  "Tell the server METHOD of the item that is shown, with PARAMS."
  (when-let* ((connection (understudy-connection)))
    (understudy-notify connection method (append (list :item (understudy--item)) params))))

;;;; Take

(defun understudy--take (length)
  "Insert the next LENGTH characters of what is suggested."
  (unless (and understudy--ghost (understudy--agrees-p))
    (user-error "Nothing is suggested here"))
  (let* ((text (plist-get (understudy--item) :insertText))
         (end (+ (understudy--typed) length)))
    (insert (substring text (understudy--typed) end))
    (understudy-flush)
    (if (< end (length text))
        (progn
          (understudy--draw)
          (understudy--report :textDocument/didPartiallyAcceptCompletion
                              :acceptedLength (understudy-text-units (substring text 0 end))))
      (understudy--report :understudy/didAcceptCompletion)
      (understudy--clear))))

(defun understudy--take-match (regexp)
  "Insert what REGEXP matches at the beginning of what is suggested."
  (let ((left (if understudy--ghost (understudy--left) "")))
    (understudy--take (if (string-match regexp left) (match-end 0) (length left)))))

(defun understudy-accept ()
  "Insert the text that is suggested."
  (interactive)
  (understudy--take-match (rx bos (* anychar))))

(defun understudy-accept-word ()
  "Insert the next word of the text that is suggested."
  (interactive)
  (understudy--take-match "\\`\\(?:[ \t]*\n\\)*[ \t]*\\(?:[_[:alnum:]]+\\|[^_[:alnum:][:space:]]+\\)"))

(defun understudy-accept-line ()
  "Insert the rest of the line that is suggested, else the next line."
  (interactive)
  (understudy--take-match "\\`\n*[^\n]+"))

(defun understudy-dismiss ()
  "Show no suggestion here."
  (interactive)
  (when understudy--ghost
    (understudy--report :understudy/didRejectCompletion)
    (understudy--clear))
  (understudy--cancel))

(defun understudy-trigger ()
  "Suggest something here, whether or not Understudy would by itself."
  (interactive)
  (unless (understudy-connection)
    (user-error "Understudy does not run here; `M-x understudy-mode' starts it"))
  (understudy--ask 1 (lambda (items)
                       (understudy--show items 0 t)
                       (unless items
                         (message "Understudy has no suggestion here")))))

(defun understudy-next (&optional step)
  "Show the next suggestion; ask for more if there is just one.
STEP is how many to go forward."
  (interactive)
  (unless understudy--ghost
    (user-error "Nothing is suggested here"))
  (let* ((items (understudy-ghost-items understudy--ghost))
         (index (understudy-ghost-index understudy--ghost))
         (count (length items))
         (other (cl-loop for i from 1 below count
                         for at = (mod (+ index (* i (or step 1))) count)
                         when (understudy--agrees-p (nth at items)) return at)))
    (cond
     (other
      (setf (understudy-ghost-index understudy--ghost) other)
      (understudy--draw)
      (understudy--report :textDocument/didShowCompletion))
     ((understudy-ghost-by-hand understudy--ghost)
      (message "Understudy has no other suggestion here"))
     (t
      (understudy--ask 1 (apply-partially #'understudy--show-other (understudy--left)))))))

(defun understudy--show-other (shown items)
  "Show the first of ITEMS that is not the text SHOWN, and keep the others at hand."
  (let ((index (seq-position items shown (lambda (item text) (not (equal (plist-get item :insertText) text))))))
    (if index
        (understudy--show items index t)
      (message "Understudy has no other suggestion here"))))

(defun understudy-previous ()
  "Show the previous suggestion."
  (interactive)
  (understudy-next -1))

(provide 'understudy-ghost)
;;; understudy-ghost.el ends here
