/** Keeps one server running: finds it, starts it, starts it again when it dies, and stops it. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { commands, EventEmitter, type ExtensionContext, type LogOutputChannel, workspace } from "vscode";
import {
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  type LanguageClient,
} from "vscode-languageclient/node";

import { connect, type Events } from "./client";
import { type Environment, environmentIn, hasOlder, isMade, removeOthers } from "./environment";
import type { Explanations } from "./fixes";
import { install, offer, wantsOwn } from "./install";
import { findLaunch, isOlder, type Launch } from "./launch";
import { ServerCommand, type Status } from "./protocol";
import { text, write } from "./settings";

/** How far the server process is; what the engine behind it does is the `Status` that the server sends. */
export type Phase =
  | { readonly kind: "absent" | "starting" | "running" | "stopped" }
  | { readonly kind: "installing" | "failed"; readonly message: string };

const MOST_ENDS = 4;
const ENDS_WINDOW_MS = 3 * 60_000;
const PAUSE_MS = 500;
const MOST_START_MS = 5000;

export class Server {
  phase: Phase = { kind: "starting" };
  status: Status | undefined;
  asking = 0;

  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  private client: LanguageClient | undefined;
  private starting: Promise<void> | undefined;
  /** Settled when all that was stopped has ended. */
  private ending: Promise<unknown> = Promise.resolve();
  /** Goes up with each start and stop, so that what an earlier one still says is not heard. */
  private turn = 0;
  private installing: Promise<boolean> | undefined;
  private ends: number[] = [];
  private refreshing: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
    private readonly explanations: Explanations,
  ) {}

  /** Stop what runs and start anew; the user wants it, so earlier deaths are forgiven. */
  async restart(): Promise<void> {
    this.ends = [];
    if (await this.stop()) {
      await this.start();
    }
  }

  /** Install the server, as the user has said, and start it. */
  async install(): Promise<void> {
    await this.stop();
    const environment = await this.environment();
    const done = environment === undefined || (await this.installed(environment));
    if (done || (await this.found()) !== undefined) {
      await this.restart();
    } else {
      this.show({ kind: "absent" });
    }
  }

  /** Start the server, or offer to install it. */
  async start(): Promise<void> {
    const turn = ++this.turn;
    this.show({ kind: "starting" });
    try {
      const launch = await this.prepared(turn);
      if (launch !== undefined && turn === this.turn) {
        await this.launched(launch, turn);
      }
    } catch (error) {
      this.log.error(String(error));
      this.showIn(turn, { kind: "failed", message: String(error) });
    }
  }

  /** Stop the server. False: something else has been asked for meanwhile, and what was to follow is not wanted. */
  async stop(): Promise<boolean> {
    const turn = ++this.turn;
    clearTimeout(this.refreshing);
    const { client, starting } = this;
    this.client = this.starting = undefined;
    this.show({ kind: "stopped" });
    const ended = async (): Promise<void> => {
      // A program that is no language server may never answer.
      await Promise.race([starting?.catch(() => undefined), sleep(MOST_START_MS, undefined, { ref: false })]);
      await client?.dispose().catch((error: unknown) => {
        this.log.warn(String(error));
      });
    };
    this.ending = Promise.all([this.ending, ended()]);
    await this.ending;
    return turn === this.turn;
  }

  /** Have the server run one of its commands; undefined if it does not run. */
  async command<Answer>(command: string, ...args: readonly unknown[]): Promise<Answer | undefined> {
    if (this.client?.isRunning() !== true) {
      return undefined;
    }
    return (await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [...args] })) as Answer;
  }

  /** Have the server read the settings again. */
  async tellSettings(): Promise<void> {
    if (this.client?.isRunning() === true) {
      await this.client.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    }
  }

  /** How to run `understudy` with other arguments; undefined if it is not installed. */
  async found(): Promise<Launch | undefined> {
    const found = findLaunch(text("server.path"), await this.environment());
    return found !== "absent" && "launch" in found ? found.launch : undefined;
  }

  private environment(): ReturnType<typeof environmentIn> {
    return environmentIn(this.storage, join(this.context.extensionPath, "extension", "dist"));
  }

  private get storage(): string {
    return this.context.globalStorageUri.fsPath;
  }

  /** The program to start, once it is installed; undefined if it is not. */
  private async prepared(turn: number): Promise<Launch | undefined> {
    await workspace.fs.createDirectory(this.context.globalStorageUri);
    const environment = await this.environment();
    const named = text("server.path");
    let declined = false;
    if (environment !== undefined && !named && !isMade(environment) && (await hasOlder(this.storage))) {
      // The user has agreed to an environment; this is the new version's.
      declined = !(await this.installed(environment));
    } else if (environment !== undefined && isMade(environment)) {
      await removeOthers(environment);
    }
    const found = findLaunch(named, environment);
    if (found !== "absent") {
      if ("launch" in found) {
        return found.launch;
      }
      const message = `${found.wrong} Correct the setting \`understudy.server.path\`.`;
      this.showIn(turn, { kind: "failed", message });
      return undefined;
    }
    this.showIn(turn, { kind: "absent" });
    if (turn === this.turn && !declined && this.installing === undefined) {
      // Not awaited: it may be answered long after the server was installed by other means, or never.
      void offer(environment, () => this.install());
    }
    return undefined;
  }

  /** Make the environment, once however many ask for it. */
  private installed(environment: Environment): Promise<boolean> {
    if (isMade(environment)) {
      return Promise.resolve(true);
    }
    const report = (message: string): void => {
      this.show({ kind: "installing", message });
    };
    const retry = (): void => {
      void this.install();
    };
    this.installing ??= install(environment, { storage: this.storage, log: this.log, report, retry }).finally(() => {
      this.installing = undefined;
    });
    return this.installing;
  }

  private async launched(launch: Launch, turn: number): Promise<void> {
    this.log.info(`Starting ${[launch.command, ...launch.args, "lsp"].join(" ")}`);
    this.show({ kind: "starting" });
    const client = connect(launch, this.context, this.log, this.events(turn));
    this.client = client;
    this.starting = client.start();
    try {
      await this.starting;
    } catch (error) {
      this.log.error(String(error));
      await this.ended(turn);
      return;
    }
    if (turn === this.turn) {
      this.show({ kind: "running" });
      this.refreshSoon(turn);
      void this.compare(client.initializeResult?.serverInfo?.version ?? "0");
    }
  }

  /** A server that the extension has not installed may be of another time. */
  private async compare(version: string): Promise<void> {
    this.log.info(`The server runs, version ${version}.`);
    const { version: wanted } = this.context.extension.packageJSON as { version: string };
    if (isOlder(version, wanted) && (await wantsOwn(version, wanted))) {
      await write("server.path", undefined);
      await this.install();
    }
  }

  private events(turn: number): Events {
    const current = (act: () => void): void => {
      if (turn === this.turn) {
        act();
        this.changed.fire();
      }
    };
    return {
      onAsking: (change) => {
        current(() => {
          this.asking += change;
        });
      },
      onStatus: (status) => {
        current(() => {
          this.status = status;
        });
        void commands.executeCommand("setContext", "understudy.ready", status.state === "ready");
      },
      onShow: (title, text) => {
        void this.explanations.show(title, text);
      },
      onFigures: () => {
        this.refreshSoon(turn);
      },
      onEnd: () => {
        void this.ended(turn);
      },
    };
  }

  /** The process of this turn has died: start another, unless that has happened too often. */
  private async ended(turn: number): Promise<void> {
    if (turn !== this.turn) {
      return;
    }
    const now = Date.now();
    this.ends = [...this.ends.filter((time) => now - time < ENDS_WINDOW_MS), now];
    const ends = this.ends.length;
    this.log.warn("The server has ended unexpectedly.");
    if (!(await this.stop())) {
      return;
    }
    if (ends > MOST_ENDS) {
      this.show({ kind: "failed", message: "The server keeps ending; its log may say why." });
      return;
    }
    const next = this.turn;
    this.show({ kind: "starting" });
    await sleep(PAUSE_MS * ends);
    if (next === this.turn) {
      await this.start();
    }
  }

  private show(phase: Phase): void {
    this.phase = phase;
    void commands.executeCommand("setContext", "understudy.running", phase.kind === "running");
    if (phase.kind !== "running") {
      this.status = undefined;
      this.asking = 0;
    }
    this.changed.fire();
  }

  /** Show the phase of a turn, unless that is over. */
  private showIn(turn: number, phase: Phase): void {
    if (turn === this.turn) {
      this.show(phase);
    }
  }

  /** Ask for fresh figures when typing rests; the server sends its status by itself only when the state changes. */
  private refreshSoon(turn: number): void {
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => {
      void this.command<Status>(ServerCommand.status).then((status) => {
        if (status !== undefined && turn === this.turn) {
          this.status = status;
          this.changed.fire();
        }
      }, () => undefined);
    }, PAUSE_MS);
  }
}
