//! A PostgreSQL cluster in a temporary folder. A small shell holds it: when the pipe from this
//! process closes, however the process ends, the shell stops the server and removes the folder. A
//! cluster that the processes of a test run share ends with the process that started them all.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::process::{CommandExt as _, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, io};

/// Why there is no cluster.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error("PostgreSQL is not installed")]
    NotInstalled,
    #[error("{doing}")]
    Io {
        doing: String,
        #[source]
        source: io::Error,
    },
    #[error("{doing}: {said}")]
    Failed { doing: String, said: String },
}

/// A running server on a free port of 127.0.0.1. Dropping it ends the server and removes its
/// folder.
#[derive(Debug)]
pub struct Cluster {
    holder: Child,
    data: PathBuf,
    address: String,
    /// The first process of the server that was killed last.
    killed: Option<u32>,
    /// Left running when this is dropped.
    shared: bool,
}

/// Holds the server until its input ends; a line of input starts it anew after a kill. `$1` folder,
/// `$2` user or empty, `$3` a process to outlive no longer than half a second (then its input does
/// not count) or empty, `$4` a file to remove in the end or empty, then the program and its
/// arguments. A start fails as long as processes of the killed server are still about, so it is
/// tried for a while.
const HOLDER: &str = r#"
folder=$1; user=$2; watched=$3; note=$4; shift 4
trap '' INT TERM HUP
start() {
  if [ -n "$user" ]; then setpriv --reuid "$user" --clear-groups "$@" </dev/null >>"$folder/log" 2>&1 &
  else "$@" </dev/null >>"$folder/log" 2>&1 & fi
  server=$!
}
start "$@"
while [ -n "$watched" ] && kill -0 "$watched" 2>/dev/null; do sleep 0.5; done
while [ -z "$watched" ] && read -r line; do
  wait "$server" 2>/dev/null
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    start "$@"
    sleep 0.2
    kill -0 "$server" 2>/dev/null && break
  done
done
kill -QUIT "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$folder" ${note:+"$note"}
"#;

/// Who ends a cluster.
enum Until<'a> {
    /// The process that started it, by ending.
    Dropped,
    /// A process, by ending; the note is removed too.
    Ended { process: u32, note: &'a Path },
}

impl Cluster {
    /// A server for one test; `None`, with a word, where PostgreSQL is not installed and need not be.
    ///
    /// # Panics
    /// If it does not start, or is missing where `NGUON_POSTGRES=1` says that it must be.
    pub fn for_test(settings: &[&str]) -> Option<Self> {
        match Self::start_with(settings) {
            Ok(cluster) => Some(cluster),
            Err(ClusterError::NotInstalled) if env::var("NGUON_POSTGRES").as_deref() != Ok("1") => {
                eprintln!("skipped: no PostgreSQL");
                None
            }
            Err(error) => panic!("a cluster of its own: {error}"),
        }
    }

    /// Starts a server whose commits reach the disk.
    pub fn start() -> Result<Self, ClusterError> {
        Self::start_with(&[])
    }

    /// Starts a server with more settings, each `name=value`: `fsync=off` for tests that only want
    /// speed.
    pub fn start_with(settings: &[&str]) -> Result<Self, ClusterError> {
        Self::launch(settings, &Until::Dropped)
    }

    /// The address of the cluster that all processes of a test run share. The first of them starts
    /// it; it ends with the runner, their parent.
    pub(super) fn shared(run: &str, settings: &[&str]) -> Result<String, ClusterError> {
        let failed =
            |source| ClusterError::Io { doing: "sharing a PostgreSQL cluster".to_owned(), source };
        let note = env::temp_dir().join(format!("nguon-postgres-{run}.address"));
        let mut file =
            File::options().read(true).append(true).create(true).open(&note).map_err(failed)?;
        // Freed with the file, however this process ends.
        file.lock().map_err(failed)?;
        let mut address = String::new();
        file.read_to_string(&mut address).map_err(failed)?;
        if address.is_empty() {
            let until = Until::Ended { process: parent_id(), note: &note };
            let launched = Self::launch(settings, &until);
            // Nobody else would remove it then.
            let mut cluster = launched.inspect_err(|_| drop(fs::remove_file(&note)))?;
            cluster.shared = true;
            address.clone_from(&cluster.address);
            file.write_all(address.as_bytes()).map_err(failed)?;
        }
        Ok(address)
    }

    fn launch(settings: &[&str], until: &Until<'_>) -> Result<Self, ClusterError> {
        let programs = programs().ok_or(ClusterError::NotInstalled)?;
        let folder = tempfile::Builder::new()
            .prefix("nguon-postgres-")
            .tempdir()
            .map_err(|source| ClusterError::Io {
                doing: "making a temporary folder".to_owned(),
                source,
            })?
            .keep();
        let user = if is_root() { unprivileged(&folder)? } else { None };
        let data = folder.join("data");
        let mut initdb = as_user(user, &programs.join("initdb"));
        initdb.current_dir(&folder).arg("-D").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            // Texts compared as for people, as on most servers: whatever needs the order of bytes must say so.
            "--locale-provider=icu",
            "--icu-locale=vi-VN",
            "--no-sync",
        ]);
        let done = initdb
            .output()
            .map_err(|source| ClusterError::Io { doing: "running initdb".to_owned(), source })?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            let _ = fs::remove_dir_all(&folder);
            return Err(ClusterError::Failed { doing: "running initdb".to_owned(), said });
        }
        let port = free_port()?;
        let mut holder = Command::new("sh");
        holder.current_dir(&folder).args(["-c", HOLDER, "sh"]).arg(&folder).arg(user.unwrap_or(""));
        match until {
            Until::Dropped => holder.args(["", ""]),
            // Whoever ends the group of this process does not mean the others' server.
            Until::Ended { process, note } => {
                holder.process_group(0).arg(process.to_string()).arg(note)
            }
        };
        holder.arg(programs.join("postgres")).arg("-D").arg(&data);
        for setting in [
            &format!("port={port}"),
            "listen_addresses=127.0.0.1",
            &format!("unix_socket_directories={}", folder.display()),
            "max_connections=300",
        ] {
            holder.args(["-c", setting]);
        }
        for setting in settings {
            holder.args(["-c", setting]);
        }
        let holder = holder
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| ClusterError::Io { doing: "starting postgres".to_owned(), source })?;
        let address = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let cluster = Self { holder, data, address, killed: None, shared: false };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The address of the superuser's own database.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Kills the server with SIGKILL, so that it can tidy nothing up.
    pub fn kill(&mut self) -> Result<(), ClusterError> {
        let doing = "killing postgres";
        let failed = |source| ClusterError::Io { doing: doing.to_owned(), source };
        let pid = self.postmaster().ok_or_else(|| ClusterError::Failed {
            doing: doing.to_owned(),
            said: "there is no server".to_owned(),
        })?;
        Command::new("kill").args(["-9", &pid.to_string()]).status().map_err(failed)?;
        self.killed = Some(pid);
        Ok(())
    }

    /// Starts the server again after [`Cluster::kill`]; it recovers from its log before this
    /// returns.
    pub fn restart(&mut self) -> Result<(), ClusterError> {
        let failed =
            |source| ClusterError::Io { doing: "starting postgres again".to_owned(), source };
        if let Some(holder) = &mut self.holder.stdin {
            holder.write_all(b"again\n").map_err(failed)?;
        }
        self.wait_until_ready()
    }

    fn postmaster(&self) -> Option<u32> {
        let file = fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }

    /// The server writes `ready` into its pid file once it takes connections.
    fn wait_until_ready(&self) -> Result<(), ClusterError> {
        let file = self.data.join("postmaster.pid");
        let started = Instant::now();
        while started.elapsed() < Duration::from_mins(1) {
            let ready = fs::read_to_string(&file).is_ok_and(|text| text.contains("ready"));
            if ready && self.postmaster() != self.killed {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        let log = self.data.with_file_name("log");
        let said = fs::read_to_string(log).unwrap_or_default();
        Err(ClusterError::Failed { doing: "waiting for postgres".to_owned(), said })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.shared {
            return;
        }
        drop(self.holder.stdin.take());
        // Nothing is left to do about a shell that cannot be waited for.
        let _ = self.holder.wait();
    }
}

fn programs() -> Option<PathBuf> {
    let said = Command::new("pg_config").arg("--bindir").output().ok();
    let said = said.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    debian.sort();
    said.into_iter()
        .chain(debian.into_iter().rev())
        .chain(["/usr/local/bin".into(), "/usr/bin".into()])
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// PostgreSQL refuses to run as root: gives the folder to its own user, or to nobody.
fn unprivileged(folder: &Path) -> Result<Option<&'static str>, ClusterError> {
    for user in ["postgres", "nobody"] {
        let owner = Command::new("chown").arg(user).arg(folder).stderr(Stdio::null()).status();
        let able = as_user(Some(user), Path::new("true")).stderr(Stdio::null()).status();
        if owner.is_ok_and(|status| status.success()) && able.is_ok_and(|status| status.success()) {
            return Ok(Some(user));
        }
    }
    let said = "neither the user postgres nor nobody can be used".to_owned();
    Err(ClusterError::Failed { doing: "leaving root".to_owned(), said })
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--clear-groups"]).arg(program);
            command
        }
    }
}

fn free_port() -> Result<u16, ClusterError> {
    let failed = |source| ClusterError::Io { doing: "looking for a free port".to_owned(), source };
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    Ok(listener.local_addr().map_err(failed)?.port())
}
