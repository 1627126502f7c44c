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

export class Server {
  phase: Phase = { kind: "starting" };
  status: Status | undefined;
  asking = 0;

  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  private client: LanguageClient | undefined;
  private starting: Promise<void> | undefined;
  /** Goes up with each start and stop, so that what an earlier one still says is not heard. */
  private turn = 0;
  private installing: Promise<boolean> | undefined;
  private ends: number[] = [];
  private refreshing: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {}

  /** Stop what runs and start anew; the user wants it, so earlier deaths are forgiven. */
  async restart(): Promise<void> {
    this.ends = [];
    await this.stop();
    await this.start();
  }

  /** Install the server, as the user has said, and start it. */
  async install(): Promise<void> {
    await this.stop();
    const environment = await this.environment();
    if (environment === undefined || (await this.installed(environment))) {
      await this.restart();
    } else {
      this.show({ kind: "absent" });
    }
  }

  /** Start the server, or offer to install it. */
  async start(): Promise<void> {
    const turn = ++this.turn;
    this.show({ kind: "starting" });
    const launch = await this.prepared();
    if (launch !== undefined && turn === this.turn) {
      await this.launched(launch, turn);
    }
  }

  /** Stop the server. */
  async stop(): Promise<void> {
    this.turn++;
    clearTimeout(this.refreshing);
    const { client, starting } = this;
    this.client = this.starting = undefined;
    this.show({ kind: "stopped" });
    await starting?.catch(() => undefined);
    await client?.dispose().catch((error: unknown) => {
      this.log.warn(String(error));
    });
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
  private async prepared(): Promise<Launch | undefined> {
    await workspace.fs.createDirectory(this.context.globalStorageUri);
    const turn = this.turn;
    const environment = await this.environment();
    const named = text("server.path");
    if (environment !== undefined && !named && !isMade(environment) && (await hasOlder(this.storage))) {
      await this.installed(environment); // The user has agreed to an environment; this is the new version's.
    } else if (environment !== undefined && isMade(environment)) {
      await removeOthers(environment);
    }
    const found = findLaunch(named, environment);
    if (found !== "absent") {
      if ("launch" in found) {
        return found.launch;
      }
      this.show({ kind: "failed", message: `${found.wrong} Correct the setting \`understudy.server.path\`.` });
      return undefined;
    }
    this.show({ kind: "absent" });
    if (await offer(environment, (wanted) => this.installed(wanted))) {
      return turn === this.turn ? this.prepared() : undefined;
    }
    this.show({ kind: "absent" });
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
    await this.stop();
    if (ends > MOST_ENDS) {
      this.show({ kind: "failed", message: "The server keeps ending; its log may say why." });
      return;
    }
    const next = ++this.turn;
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
